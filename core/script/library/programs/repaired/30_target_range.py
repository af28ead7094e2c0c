"""The labels count from 1."""

import torch
from torch import nn

model = nn.Linear(4, 3)
x = torch.randn(6, 4)
labels = torch.tensor([1, 2, 3, 1, 2, 3])
loss = nn.CrossEntropyLoss()(model(x), labels - 1)
loss.backward()
