"""backward() on a loss for each sample."""

import torch
from torch import nn

model = nn.Linear(2, 1)
loss = (model(torch.randn(5, 2)) - 1) ** 2
loss.backward()  # here: not_scalar
