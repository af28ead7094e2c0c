"""A weight_decay that pulls all weights to zero."""

import torch, torch.nn as nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.1, weight_decay=5.0)
x = torch.randn(64, 8); y = x[:, :3].argmax(1)
for i in range(100):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    opt.step()  # here: weight_decay
