"""A constant of the module does not follow model.double()."""

import torch
from torch import nn


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.mixing = torch.eye(3)
        self.fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.fc(x @ self.mixing)  # here: register_buffer


model = Scale().double()
print(model(torch.randn(4, 3, dtype=torch.float64)).shape)
