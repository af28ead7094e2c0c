"""cat along a dimension where the others differ."""

import torch

a = torch.randn(2, 3)
b = torch.randn(4, 3)
c = torch.cat([a, b], dim=1)  # here: cat_sizes
print(c.shape)
