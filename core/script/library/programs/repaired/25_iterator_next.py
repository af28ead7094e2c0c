"""An iterator is asked for .next()."""

import torch
from torch.utils.data import TensorDataset, DataLoader
loader = DataLoader(TensorDataset(torch.randn(6, 2), torch.arange(6)), batch_size=3)
it = iter(loader)
images, labels = next(it)
