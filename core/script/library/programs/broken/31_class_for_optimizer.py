"""The class of the optimizer, and no optimizer."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD
loss = model(torch.randn(8, 2)).pow(2).mean()
optimizer.zero_grad()  # here: class_for_object
loss.backward()
optimizer.step()
