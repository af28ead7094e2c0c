"""p = p - lr * p.grad makes a new tensor."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
x = torch.randn(20, 3)
y = x.sum(1, keepdim=True)
for step in range(5):
    loss = ((model(x) - y) ** 2).mean()
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p = p - 0.1 * p.grad  # here: parameter_rebound
    print(step, loss.item())
