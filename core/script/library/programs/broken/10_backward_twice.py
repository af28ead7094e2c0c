"""backward() is called twice on one loss."""

import torch

w = torch.randn(3, requires_grad=True)
loss = (w.exp() ** 2).sum()
loss.backward()
loss.backward()  # here: backward_twice
print(w.grad)
