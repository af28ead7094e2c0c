"""A graph convolution over an adjacency matrix."""

import torch
from torch import nn


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1, self.w2 = nn.Linear(4, 8), nn.Linear(8, 2)

    def forward(self, x, adjacency):
        x = torch.relu(adjacency @ self.w1(x))
        return adjacency @ self.w2(x)


torch.manual_seed(0)
adjacency = (torch.rand(10, 10) > 0.6).float() + torch.eye(10)
adjacency = adjacency / adjacency.sum(1, keepdim=True)
x = torch.randn(10, 4)
y = torch.tensor([0, 1] * 5)
train_mask = torch.tensor([True] * 6 + [False] * 4)
model = GCN()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
for epoch in range(5):
    optimizer.zero_grad()
    out = model(x, adjacency)
    loss = nn.functional.cross_entropy(out[train_mask], y[train_mask])
    loss.backward()
    optimizer.step()
print((out[~train_mask].argmax(1) == y[~train_mask]).sum().item() / 4)
