"""The gradient of a result is asked for."""

import torch

x = torch.ones(3, requires_grad=True)
y = x * 2
loss = y.sum()
loss.backward()
print(y.grad.norm())  # here: grad_of_result
