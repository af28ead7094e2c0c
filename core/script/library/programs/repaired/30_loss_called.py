"""The class of the loss is called with output and target."""

import torch, torch.nn as nn
out, y = torch.randn(4, 3, requires_grad=True), torch.tensor([0, 1, 2, 0])
loss = nn.CrossEntropyLoss()(out, y)
loss.backward()
