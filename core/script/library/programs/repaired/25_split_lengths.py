"""The parts of random_split do not add up."""

import torch
from torch.utils.data import TensorDataset, random_split

dataset = TensorDataset(torch.randn(50, 3), torch.arange(50) % 2)
train, test = random_split(dataset, [40, len(dataset) - 40])
print(len(train), len(test))
