"""Class labels as floats."""

import torch
from torch import nn

model = nn.Linear(4, 3)
x = torch.randn(6, 4)
labels = torch.tensor([0.0, 1.0, 2.0, 0.0, 1.0, 2.0])
loss = nn.CrossEntropyLoss()(model(x), labels)  # here: labels_long
loss.backward()
