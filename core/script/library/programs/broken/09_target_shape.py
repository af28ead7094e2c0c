"""The output is (N, 1), the labels are (N,)."""

import torch
from torch import nn

model = nn.Linear(3, 1)
x = torch.randn(6, 3)
y = (x[:, 0] > 0).float()
criterion = nn.BCEWithLogitsLoss()
output = model(x)
loss = criterion(output, y)  # here: target_shape
loss.backward()
