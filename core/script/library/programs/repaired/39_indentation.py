"""The body of a loop stands where the loop does."""

import torch

for step in range(3):
    x = torch.randn(2, 2)
print(x.shape)
