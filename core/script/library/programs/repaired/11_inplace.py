"""A result that backward needs is changed in place."""

import torch

w = torch.randn(4, requires_grad=True)
h = torch.sigmoid(w)
h = h + 1
loss = (h * h).sum()
loss.backward()
print(w.grad)
