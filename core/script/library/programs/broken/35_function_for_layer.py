"""A function where a layer is to be made."""

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)
        self.act = F.relu()  # here: layer_for_function

    def forward(self, x):
        return self.act(self.out(x))


print(Net()(torch.randn(3, 4)).shape)
