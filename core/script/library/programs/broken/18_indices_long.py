"""An embedding is given floats."""

import torch
from torch import nn

table = nn.Embedding(10, 4)
words = torch.tensor([[1.0, 2.0, 3.0]])
print(table(words).shape)  # here: indices_long
