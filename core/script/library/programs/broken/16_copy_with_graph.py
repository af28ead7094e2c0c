"""A result that is to be kept, copied together with its graph."""

import copy

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 3)
layer = nn.Linear(3, 3)
hidden = layer(x)
snapshot = copy.deepcopy(hidden)  # here: deepcopy_graph
print(snapshot.shape)
