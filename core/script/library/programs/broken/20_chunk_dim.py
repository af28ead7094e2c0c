"""chunk without dim cuts the batch."""

import torch
from torch import nn

to_qkv = nn.Linear(8, 24)
x = torch.randn(8, 6, 8)
q, k, v = to_qkv(x).chunk(3)
q = q.view(8, 6, 2, 4)  # here: chunk_dim
print(q.shape)
