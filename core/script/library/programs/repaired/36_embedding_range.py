"""A word beyond the table."""

import torch
from torch import nn

table = nn.Embedding(11, 4)
words = torch.tensor([[1, 10, 3]])
print(table(words).shape)
