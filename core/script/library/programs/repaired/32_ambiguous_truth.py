"""if with a comparison of many numbers."""

import torch

a, b = torch.tensor([1, 2]), torch.tensor([1, 3])
if (a == b).all():
    print("equal")
