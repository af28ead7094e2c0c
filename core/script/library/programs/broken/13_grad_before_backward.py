"""A gradient that is read before backward()."""

import torch

x = torch.tensor([1.0, 2.0, 3.0])
w = torch.tensor(0.5, requires_grad=True)
loss = ((w * x - 2 * x) ** 2).mean()
with torch.no_grad():
    w -= 0.1 * w.grad  # here: grad_none
print(w)
