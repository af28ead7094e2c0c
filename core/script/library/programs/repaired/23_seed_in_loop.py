"""The seed is set in the loop: every step draws the same noise."""

import torch, torch.nn as nn
net = nn.Linear(4, 1); opt = torch.optim.SGD(net.parameters(), 0.05)
X = torch.randn(64, 4); Y = X.sum(1, keepdim=True)
torch.manual_seed(42)
for epoch in range(10):
    perm = torch.randperm(64)
    for idx in perm.split(16):
        opt.zero_grad()
        nn.functional.mse_loss(net(X[idx]), Y[idx]).backward()
        opt.step()
