"""A tensor with a graph goes to NumPy."""

import torch
from torch import nn

model = nn.Linear(2, 1)
prediction = model(torch.randn(5, 2))
values = prediction.numpy()  # here: numpy_grad
print(values.mean())
