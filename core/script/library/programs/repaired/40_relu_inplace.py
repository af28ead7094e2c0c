"""relu in place on what a sigmoid keeps for its backward pass."""

import torch
from torch import nn

x = torch.randn(5, requires_grad=True)
y = torch.exp(x)
z = nn.ReLU()(y - 0 * y.detach()) + y
y = y * 2
loss = (z * y).sum()
loss.backward()
