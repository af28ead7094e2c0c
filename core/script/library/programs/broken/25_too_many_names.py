"""enumerate() gives a number and a batch: two things for three names."""

import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(8, 3), torch.arange(8))
for step, x, y in enumerate(DataLoader(data, batch_size=4)):  # here: unpack_batch
    print(step, x.shape, y.shape)
