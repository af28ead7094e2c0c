"""forward is misspelt."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def foward(self, x):
        return self.fc(x)


model = Net()
print(model(torch.randn(3, 4)))  # here: missing_forward
