"""Pictures go into a Linear layer without being flattened."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
images = torch.randn(8, 1, 28, 28)
print(model(images).shape)  # here: flatten
