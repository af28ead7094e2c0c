"""A Dataset that returns a value that cannot be stacked."""

import torch
from torch.utils.data import DataLoader, Dataset


class Words(Dataset):
    names = ["cat", "dog", "bird"]

    def __len__(self):
        return 12

    def __getitem__(self, index):
        return torch.rand(4), torch.tensor([1, 2, index % 3])


for x, y in DataLoader(Words(), batch_size=4):
    print(x.shape)
