"""Heads that do not divide the size of the tokens."""

import torch
from torch import nn

tokens = torch.randn(2, 5, 32)
attention = nn.MultiheadAttention(32, num_heads=5, batch_first=True)  # here: heads
out, weights = attention(tokens, tokens, tokens)
print(out.shape)
