"""A Dataset keeps a generator, and every worker copies it."""

import numpy as np, torch
from torch.utils.data import Dataset, DataLoader
class Noise(Dataset):
    def __init__(self): pass
    def __len__(self): return 8
    def __getitem__(self, i):
        return torch.tensor(np.random.rand())
if __name__ == "__main__":
    for b in DataLoader(Noise(), batch_size=2, num_workers=2):
        print(b)
