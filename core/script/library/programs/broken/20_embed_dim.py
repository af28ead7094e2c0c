"""An attention that is made for tokens of another size."""

import torch
from torch import nn

tokens = torch.randn(2, 5, 32)
attention = nn.MultiheadAttention(64, num_heads=4, batch_first=True)
out, weights = attention(tokens, tokens, tokens)  # here: embed_dim
print(out.shape)
