"""view after transpose."""

import torch

x = torch.arange(6).reshape(2, 3)
y = x.t().view(6)  # here: view_not_contiguous
print(y)
