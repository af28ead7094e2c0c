"""Batch norm is evaluated in train mode, with the batch's own statistics."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4 * 6 * 6, 2)

    def forward(self, x):
        return self.fc(torch.relu(self.norm(self.conv(x))).flatten(1))


torch.manual_seed(0)
x = torch.randn(32, 1, 8, 8)
y = (x.mean((1, 2, 3)) > 0).long()
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
criterion = nn.CrossEntropyLoss()
for step in range(6):
    optimizer.zero_grad()
    criterion(net(x), y).backward()
    optimizer.step()
with torch.no_grad():
    test_loss = criterion(net(x[:4]), y[:4])  # here: eval_forgotten
print(test_loss.item())
