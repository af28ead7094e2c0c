"""A view takes the batch apart."""

import torch
from torch import nn

conv = nn.Conv2d(1, 4, 3)
fc = nn.Linear(4 * 26, 10)
x, y = torch.randn(2, 1, 28, 28), torch.tensor([3, 7])
features = conv(x).flatten(1)
fc = nn.Linear(4 * 26 * 26, 10)
loss = nn.functional.cross_entropy(fc(features), y)
loss.backward()
