"""The first batch is taken by its number."""

import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(8, 3), torch.arange(8))
loader = DataLoader(data, batch_size=4)
x, y = loader[0]  # here: loader_index
print(x.shape, y)
