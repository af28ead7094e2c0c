"""NumPy's float64 goes into a float32 layer."""

import numpy as np
import torch
from torch import nn

model = nn.Linear(3, 1)
data = np.random.rand(5, 3)
x = torch.from_numpy(data)
print(model(x).shape)  # here: dtype
