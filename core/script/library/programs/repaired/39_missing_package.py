"""The package is called PyTorch, and imported as torch."""

import torch

print(torch.ones(2))
