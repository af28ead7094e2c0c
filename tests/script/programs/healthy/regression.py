"""Linear regression with tensors alone."""

import torch

torch.manual_seed(0)
x = torch.linspace(0, 1, 50)
y = 2 * x + 1 + 0.01 * torch.randn(50)
w = torch.zeros(1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(30):
    loss = ((w * x + b - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        b -= 0.1 * b.grad
        w.grad.zero_()
        b.grad.zero_()
print(w.item(), b.item())
