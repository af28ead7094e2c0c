"""The graph is cut between the model and the loss."""

import torch
from torch import nn

model = nn.Linear(2, 3)
x, y = torch.randn(6, 2), torch.tensor([0, 1, 2, 0, 1, 2])
logits = model(x)
loss = nn.functional.cross_entropy(logits, y)
loss.backward()
print(model.weight.grad)
