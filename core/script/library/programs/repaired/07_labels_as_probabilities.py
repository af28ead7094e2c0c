"""One-hot labels of whole numbers, taken for probabilities."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 3)
x = torch.randn(6, 4)
labels = torch.eye(3, dtype=torch.int64).repeat(2, 1)
loss = nn.functional.cross_entropy(model(x), labels.argmax(1))
print(loss.item())
