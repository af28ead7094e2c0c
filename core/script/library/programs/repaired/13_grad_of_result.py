"""The gradient of a result is asked for."""

import torch

x = torch.ones(3, requires_grad=True)
y = x * 2
y.retain_grad()
loss = y.sum()
loss.backward()
print(y.grad.norm())
