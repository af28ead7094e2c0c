"""A Dataset says that it is longer than it is."""

import torch
from torch.utils.data import Dataset, DataLoader
class D(Dataset):
    def __init__(self): self.items = [1, 2, 3]
    def __len__(self): return 5
    def __getitem__(self, i):
        return torch.tensor(self.items[i])  # here: index
if __name__ == "__main__":
    for x in DataLoader(D(), batch_size=2, num_workers=2):
        print(x)
