"""A network that is traced, scripted, saved and loaded."""

import os
import tempfile

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(4, 2)

    def forward(self, x):
        h = self.linear(x)
        return torch.relu(h)


net = Net().eval()
example = torch.randn(1, 4)
traced = torch.jit.trace(net, example)
scripted = torch.jit.script(net)
path = os.path.join(tempfile.mkdtemp(), "net.pt")
traced.save(path)
loaded = torch.jit.load(path)
x = torch.randn(3, 4)
with torch.no_grad():
    print(torch.equal(loaded(x), net(x)), torch.equal(scripted(x), net(x)))
