"""enumerate gives the number first."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.randn(20, 3), torch.arange(20) % 2), batch_size=5)
model = nn.Linear(3, 2)
for i, (x, y) in enumerate(loader):
    print(model(x).shape)
