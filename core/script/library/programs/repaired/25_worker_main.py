"""Workers that are started by a program without a main."""

import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(8, 3), torch.arange(8))
loader = DataLoader(data, batch_size=4, num_workers=0)
for x, y in loader:
    print(x.shape)
