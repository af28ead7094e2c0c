"""A mask of 0 and 1 where True and False are meant."""

import torch

torch.manual_seed(0)
scores = torch.randn(2, 4)
mask = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 0]])
print(scores.masked_fill(1 - mask, float("-inf")).softmax(dim=1))  # here: mask_dtype
