"""The columns of a table are counted from 1."""

import torch

torch.manual_seed(0)
table = torch.randn(5, 4)
labels = table[:, 3]
print(labels.shape)
