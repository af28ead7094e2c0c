"""Floats that are added in place to a tensor of whole numbers."""

import torch

torch.manual_seed(0)
counts = torch.zeros(3, dtype=torch.int64)
for batch in torch.rand(4, 3):
    counts += batch  # here: cast_result
print(counts)
