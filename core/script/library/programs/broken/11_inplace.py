"""A result that backward needs is changed in place."""

import torch

w = torch.randn(4, requires_grad=True)
h = torch.sigmoid(w)
h += 1
loss = (h * h).sum()
loss.backward()  # here: inplace
print(w.grad)
