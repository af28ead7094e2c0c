"""A tensor is put where a parameter stands."""

import torch
from torch import nn

layer = nn.Linear(3, 2)
layer.weight = torch.zeros(2, 3)  # here: not_parameter
print(layer(torch.ones(1, 3)))
