"""softmax over the samples."""

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)
x = torch.randn(60, 4)
y = x[:, :3].argmax(1)
model = nn.Linear(4, 3)
probabilities = F.softmax(model(x), dim=0)  # here: softmax_over_batch
print(probabilities[0])
