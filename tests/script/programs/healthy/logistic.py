"""Logistic regression with BCEWithLogitsLoss."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(80, 2)
y = (x.sum(1, keepdim=True) > 0).float()
model = nn.Linear(2, 1)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(100):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
with torch.no_grad():
    predicted = (torch.sigmoid(model(x)) > 0.5).float()
    print(predicted.eq(y).sum() / len(y))
