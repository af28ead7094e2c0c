"""view after transpose."""

import torch

x = torch.arange(6).reshape(2, 3)
y = x.t().reshape(6)
print(y)
