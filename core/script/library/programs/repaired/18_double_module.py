"""Float32 data go into a float64 model."""

import torch, torch.nn as nn
model = nn.Linear(3, 2).double()
x = torch.randn(4, 3)
x = x.double()
y = model(x)
