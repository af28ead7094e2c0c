"""A contrastive loss by hand compares every distance with every label."""

import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(4, 2)
a, b = torch.randn(16, 4), torch.randn(16, 4)
same = torch.randint(0, 2, (16,)).float()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    distance = nn.functional.pairwise_distance(model(a), model(b))
    loss = (same * distance.pow(2) + (1 - same) * (1 - distance).clamp(min=0).pow(2)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(loss.item())
