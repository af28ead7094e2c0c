"""A misspelt name."""

import torch

inputs = torch.randn(3)
print(inputs.mean())
