"""A frozen body and a new head."""

import torch
from torch import nn

torch.manual_seed(0)
body = nn.Sequential(nn.Linear(6, 12), nn.BatchNorm1d(12), nn.ReLU())
for parameter in body.parameters():
    parameter.requires_grad = False
body.eval()
head = nn.Linear(12, 3)
model = nn.Sequential(body, head)
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), lr=0.01)
x = torch.randn(30, 6)
y = x[:, :3].argmax(1)
for epoch in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
print(loss.item())
