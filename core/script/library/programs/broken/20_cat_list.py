"""cat gets its tensors one by one."""

import torch

left = torch.randn(2, 3)
right = torch.randn(2, 5)
both = torch.cat(left, right, dim=1)  # here: list_of_tensors
print(both.shape)
