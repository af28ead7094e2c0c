"""Workers that are started by a program without a main."""

import torch
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(8, 3), torch.arange(8))
loader = DataLoader(data, batch_size=4, num_workers=1, multiprocessing_context="spawn")
for x, y in loader:  # here: worker
    print(x.shape)
