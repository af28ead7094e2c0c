"""The weight was made without requires_grad."""

import torch

x = torch.randn(10)
w = torch.zeros(1)
loss = ((w * x - 3 * x) ** 2).mean()
loss.backward()  # here: requires_grad
print(w.grad)
