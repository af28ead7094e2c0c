"""The first entry of a loss, as old programs print it."""

import torch
from torch import nn

torch.manual_seed(0)
x, y = torch.randn(8, 2), torch.randn(8, 1)
loss = nn.functional.mse_loss(nn.Linear(2, 1)(x), y)
print(loss.item())
