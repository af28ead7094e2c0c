"""Two layers of a Sequential do not fit together."""

import torch
from torch import nn

model = nn.Sequential(
    nn.Linear(4, 16),
    nn.ReLU(),
    nn.Linear(16, 3),
)
x = torch.randn(5, 4)
logits = model(x)
print(logits.shape)
