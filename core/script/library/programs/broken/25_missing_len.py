"""A DataLoader asks its Dataset how long it is."""

import torch
from torch.utils.data import DataLoader, Dataset


class Squares(Dataset):
    def __getitem__(self, i):
        return torch.tensor([i, i * i])


loader = DataLoader(Squares(), batch_size=4, shuffle=True)  # here: missing_len
for batch in loader:
    print(batch.shape)
