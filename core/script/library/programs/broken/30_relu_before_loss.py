"""relu after the last layer."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = x[:, :3].argmax(1)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3), nn.ReLU())
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)  # here: relu_before_loss
    loss.backward()
    optimizer.step()
