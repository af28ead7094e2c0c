"""Samples of different lengths in one batch."""

import torch
from torch.utils.data import DataLoader

samples = [torch.randn(3), torch.randn(5), torch.randn(2), torch.randn(4)]
for batch in DataLoader(samples, batch_size=2):  # here: stack_sizes
    print(batch.shape)
