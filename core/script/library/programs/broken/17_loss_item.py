"""backward() on a number of Python."""

import torch
from torch import nn

model = nn.Linear(2, 1)
loss = model(torch.randn(4, 2)).pow(2).mean().item()
loss.backward()  # here: not_a_loss
