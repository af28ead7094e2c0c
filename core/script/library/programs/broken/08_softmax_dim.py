"""softmax without dim."""

import torch
import torch.nn.functional as F

scores = torch.randn(5, 3)
print(F.softmax(scores))  # here: softmax_dim
