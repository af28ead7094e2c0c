"""A function stands among the layers of a Sequential."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), torch.relu, nn.Linear(8, 2))  # here: not_module_subclass
print(model(torch.randn(3, 4)).shape)
