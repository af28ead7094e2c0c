"""cross_entropy among one class is always 0."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(20, 4)
y = (x[:, :1] > 0).float()  # (20, 1): yes or no
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(5):
    loss = nn.BCEWithLogitsLoss()(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
