"""Of two modules only one is set to zero: the gradients of the other add up."""

import torch
from torch import nn

encoder, head = nn.Linear(3, 3), nn.Linear(3, 1)
optimizer = torch.optim.SGD([*encoder.parameters(), *head.parameters()], lr=0.01)
for _ in range(6):
    optimizer.zero_grad()
    loss = head(torch.relu(encoder(torch.randn(4, 3)))).pow(2).mean()
    loss.backward()
    optimizer.step()
