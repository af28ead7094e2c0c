"""A list is subtracted from a list."""

import torch
w = torch.tensor([1.0, 2.0])
g = torch.tensor([0.1, 0.1])
w = w - g
