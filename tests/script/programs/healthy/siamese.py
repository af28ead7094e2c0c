"""One network for two inputs, with a contrastive loss."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
a, b = torch.randn(20, 4), torch.randn(20, 4)
same = (a[:, 0] * b[:, 0] > 0).float()
for step in range(5):
    distance = F.pairwise_distance(net(a), net(b))
    loss = (same * distance.pow(2) + (1 - same) * F.relu(1 - distance).pow(2)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
