"""A class is imported with a small letter in its name."""

import torch
from torch.utils.data import Dataloader, TensorDataset  # here: import_name

loader = Dataloader(TensorDataset(torch.randn(8, 2)), batch_size=4)
print(len(loader))
