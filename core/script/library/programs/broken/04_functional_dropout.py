"""F.dropout knows no mode: it drops in eval mode too."""

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 20)
        self.out = nn.Linear(20, 2)

    def forward(self, x):
        h = F.relu(self.hidden(x))
        return self.out(F.dropout(h, 0.5))  # here: dropout_in_eval


torch.manual_seed(0)
net, x = Net(), torch.randn(6, 4)
net.eval()
with torch.no_grad():
    print("the same twice:", torch.equal(net(x), net(x)))
