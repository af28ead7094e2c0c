"""A layer is made in forward with the data as its argument."""

import torch, torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)
    def forward(self, x):
        return nn.ReLU(self.fc(x))
net = Net()
out = net(torch.randn(2, 3))
print(out.mean())  # here: layer_not_called
