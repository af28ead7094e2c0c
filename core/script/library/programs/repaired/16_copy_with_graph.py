"""A result that is to be kept, copied together with its graph."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 3)
layer = nn.Linear(3, 3)
hidden = layer(x)
snapshot = hidden.detach().clone()
print(snapshot.shape)
