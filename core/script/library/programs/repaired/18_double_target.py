"""The target is float64, the output float32."""

import numpy as np
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Linear(3, 1)
x = torch.randn(5, 3)
target = torch.from_numpy(np.zeros((5, 1))).float()
loss = nn.functional.binary_cross_entropy_with_logits(model(x), target)
weight = torch.from_numpy(np.ones((3, 2))).float()
print(x @ weight)
