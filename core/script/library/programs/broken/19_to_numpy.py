"""A tensor that is not in the CPU's memory goes to NumPy."""

import torch
from torch import nn

device = "cuda" if torch.cuda.is_available() else "meta"  # without a GPU: a device that holds shapes only
out = nn.Linear(4, 2, device=device)(torch.ones(3, 4, device=device))
print(out.detach().numpy().mean())  # here: to_numpy_device
