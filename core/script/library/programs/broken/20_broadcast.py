"""Shapes are compared from the right."""

import torch

scores = torch.randn(4, 3)
bias = torch.randn(4)
print(scores + bias)  # here: broadcast
