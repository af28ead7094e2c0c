"""The heads of an attention are cut out with view alone."""

import torch

torch.manual_seed(0)
batch, length, heads, size = 2, 5, 4, 3
queries = torch.randn(batch, length, heads, size)
queries = queries.transpose(1, 2)
scores = queries @ queries.transpose(-2, -1)
print(scores.shape)
