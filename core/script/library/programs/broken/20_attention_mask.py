"""A mask for the whole text, and scores for a part of it."""

import torch
from torch import nn

longest = 16
mask = torch.triu(torch.ones(longest, longest, dtype=torch.bool), diagonal=1)
attention = nn.MultiheadAttention(32, num_heads=4, batch_first=True)
tokens = torch.randn(2, 10, 32)
out, weights = attention(tokens, tokens, tokens, attn_mask=mask)  # here: attention_mask
print(out.shape)
