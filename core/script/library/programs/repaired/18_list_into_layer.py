"""A list goes into a layer."""

import torch
from torch import nn

model = nn.Linear(3, 1)
print(model(torch.tensor([1.0, 2.0, 3.0])))
