"""The body of a loop is not indented."""

import torch

for step in range(3):
    x = torch.randn(2, 2)
print(x.shape)
