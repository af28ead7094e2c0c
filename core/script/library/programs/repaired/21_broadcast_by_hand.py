"""(N, 1) against (N,), with the loss written out."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(16, 2)
y = x[:, 0] + x[:, 1]
model = nn.Linear(2, 1)
loss = ((model(x)[:, 0] - y) ** 2).mean()
loss.backward()
