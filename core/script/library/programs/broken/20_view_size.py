"""A view into a shape with another count of numbers."""

import torch

x = torch.randn(4, 16, 5, 5)
x = x.view(-1, 16 * 4 * 4)  # here: view_size
print(x.shape)
