"""Quotes that were copied from a text."""

import torch

x = torch.randn(2, 2)
print("shape:", x.shape)
