"""BCELoss is given logits."""

import torch
from torch import nn

model = nn.Linear(3, 1)
with torch.no_grad():
    model.bias.fill_(5.0)
x, y = torch.randn(6, 3), torch.ones(6, 1)
loss = nn.BCELoss()(model(x), y)  # here: bce_range
loss.backward()
