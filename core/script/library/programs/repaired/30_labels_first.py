"""The labels are given before the scores."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 3)
x, y = torch.randn(6, 4), torch.arange(6) % 3
criterion = nn.CrossEntropyLoss()
loss = criterion(model(x), y)
print(loss)
