"""The hidden state carries the graph of the step before."""

import torch
from torch import nn

torch.manual_seed(0)
cell = nn.RNNCell(2, 4)
head = nn.Linear(4, 1)
optimizer = torch.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.01)
h = torch.zeros(3, 4)
for step in range(3):
    h = h.detach()
    h = cell(torch.randn(3, 2), h)
    loss = head(h).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
