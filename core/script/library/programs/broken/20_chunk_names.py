"""chunk gives fewer parts than there are names."""

import torch
from torch import nn

to_gates = nn.Linear(8, 12)
gates = to_gates(torch.randn(2, 8))
r, z, n = gates.chunk(3)  # here: chunk_dim
print(torch.sigmoid(r).shape)
