"""After the first update w is the result of an operation."""

import torch

torch.manual_seed(0)
x = torch.randn(10)
y = 3 * x
w = torch.zeros(1, requires_grad=True)
for step in range(3):
    loss = ((w * x - y) ** 2).mean()
    loss.backward()
    w = w - 0.1 * w.grad  # here: grad_of_result
print(w)
