"""A GPU is taken for granted."""
import torch
from torch import nn

model = nn.Linear(3, 2).cuda()  # here: no_gpu
print(model)
