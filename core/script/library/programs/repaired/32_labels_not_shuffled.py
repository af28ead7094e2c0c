"""The inputs are put in a new order and the labels are not."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = (x.sum(1) > 0).long()
model = nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    order = torch.randperm(60)
    inputs, labels = x[order], y[order]
    loss = nn.functional.cross_entropy(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
