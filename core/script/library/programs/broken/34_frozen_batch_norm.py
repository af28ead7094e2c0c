"""The weights are frozen, and the batch norm goes on counting."""

import torch, torch.nn as nn
torch.manual_seed(0)
backbone = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
head = nn.Linear(4, 2)
model = nn.Sequential(backbone, head)
for i in range(10):
    model(torch.randn(8, 1, 8, 8))
for p in backbone.parameters():
    p.requires_grad = False
opt = torch.optim.SGD(head.parameters(), lr=0.1)
model.train()
for i in range(15):
    x = torch.randn(8, 1, 8, 8) + 3; y = torch.arange(8) % 2
    loss = nn.functional.cross_entropy(model(x), y)  # here: frozen_batch_norm
    opt.zero_grad(); loss.backward(); opt.step()
