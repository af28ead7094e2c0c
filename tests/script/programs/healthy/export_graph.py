"""A network that is exported as a graph."""

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
x = torch.randn(2, 4)
exported = torch.export.export(net, (x,))
names = [node.target for node in exported.graph.nodes if node.op == "call_function"]
print(len(names), torch.allclose(exported.module()(x), net(x)))
