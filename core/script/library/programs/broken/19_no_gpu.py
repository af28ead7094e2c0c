"""A GPU is taken for granted."""

from torch import nn

model = nn.Linear(3, 2).cuda()  # here: no_gpu
print(model)
