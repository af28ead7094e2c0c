"""A Dataset keeps a generator, and every worker copies it."""

import numpy as np, torch
from torch.utils.data import Dataset, DataLoader
class Noise(Dataset):
    def __init__(self): self.rng = np.random.default_rng(0)
    def __len__(self): return 8
    def __getitem__(self, i):
        return torch.tensor(self.rng.random())
if __name__ == "__main__":
    for b in DataLoader(Noise(), batch_size=2, num_workers=2):  # here: worker_seed
        print(b)
