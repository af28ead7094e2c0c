"""chunk cuts the steps, and view mixes them."""

import torch
from torch import nn

to_qkv = nn.Linear(8, 24)
x = torch.randn(4, 6, 8)
q, k, v = to_qkv(x).chunk(3, dim=-1)
q = q.view(4, 6, 2, 4).transpose(1, 2)
print(q.shape)
