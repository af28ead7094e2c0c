"""A word beyond the table."""

import torch
from torch import nn

table = nn.Embedding(10, 4)
words = torch.tensor([[1, 10, 3]])
print(table(words).shape)  # here: embedding_range
