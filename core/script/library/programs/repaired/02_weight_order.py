"""Linear keeps its weight as (out, in)."""

import torch
from torch import nn

layer = nn.Linear(3, 5)
x = torch.randn(2, 3)
y = x @ layer.weight.T + layer.bias
print(torch.allclose(y, layer(x)))
