"""Whole numbers with requires_grad=True."""

import torch

w = torch.tensor([1, 2], requires_grad=True)  # here: grad_needs_float
loss = (w**2).sum()
loss.backward()
print(w.grad)
