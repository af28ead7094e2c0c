"""A list is asked for its shape."""

import torch

heights = [1.62, 1.80, 1.75]
print(torch.tensor(heights).shape)
print(torch.tensor(heights).mean())
