"""BCEWithLogitsLoss is given labels that are whole numbers."""

import torch, torch.nn as nn
model = nn.Linear(4, 1)
y = torch.randint(0, 2, (8, 1))
loss = nn.BCEWithLogitsLoss()(model(torch.randn(8, 4)), y)  # here: float_target
