"""Weights are changed by hand, and their gradients stay."""

import torch

torch.manual_seed(0)
x = torch.randn(30)
y = 3 * x
w = torch.zeros(1, requires_grad=True)
for step in range(6):
    loss = ((w * x - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        w.grad.zero_()
print(w)
