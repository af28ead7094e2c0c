"""The distances of all pairs, written as one tensor."""

import torch

torch.manual_seed(0)
points = torch.rand(100_000, 64)
print(torch.cdist(points[:100], points).shape)  # a hundred of them at a time
