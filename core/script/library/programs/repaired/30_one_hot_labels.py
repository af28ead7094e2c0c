"""Labels of shape (N, 1) for cross_entropy."""

import torch
from torch import nn

model = nn.Linear(4, 3)
x = torch.randn(6, 4)
labels = torch.tensor([[0], [1], [2], [0], [1], [2]])
loss = nn.CrossEntropyLoss()(model(x), labels.squeeze(1))
loss.backward()
