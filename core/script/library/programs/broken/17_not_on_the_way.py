"""The gradient for a number that the loss does not use."""

import torch

a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
loss = a**2 + 1
print(torch.autograd.grad(loss, [a, b]))  # here: unused_in_graph
