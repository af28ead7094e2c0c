"""A weight is changed in place while the graph is built."""

import torch

w = torch.zeros(3, requires_grad=True)
loss = ((w - 1) ** 2).sum()
loss.backward()
w -= 0.1 * w.grad  # here: leaf_inplace
print(w)
