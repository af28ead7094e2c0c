"""A misspelt name."""

import torch

inputs = torch.randn(3)
print(input_s.mean())  # here: name
