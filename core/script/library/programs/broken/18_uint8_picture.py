"""A picture of bytes goes into a layer of floats."""

import numpy as np, torch, torch.nn as nn
img = np.random.randint(0, 255, (3, 64, 64), dtype=np.uint8)
x = torch.from_numpy(img).unsqueeze(0)
conv = nn.Conv2d(3, 16, 3, padding=1)
y = conv(x)  # here: dtype
