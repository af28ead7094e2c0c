"""Layer norm that is made for other sizes than its input ends in."""

import torch
from torch import nn

words = torch.randn(4, 6, 16)
norm = nn.LayerNorm(16)
print(norm(words).shape)
