"""The model is on one device, the input on another."""

import torch
from torch import nn

device = torch.device("cpu")
model = nn.Linear(3, 2).to(device)
x = torch.randn(4, 3)
print(model(x.to(device)).shape)
