"""LeNet: one forward pass, the loss, one backward pass, one update."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # (N, 1, 32, 32) -> (N, 6, 14, 14)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # -> (N, 16, 5, 5)
        x = x.flatten(1)  # -> (N, 400)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)  # -> (N, 10)


torch.manual_seed(0)
net = LeNet()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)

image = torch.randn(1, 1, 32, 32)
target = torch.randn(1, 10)

optimizer.zero_grad()
output = net(image)
loss = F.mse_loss(output, target)
print("loss before:", loss.item())
loss.backward()
print("gradient of conv1.bias:", net.conv1.bias.grad)
optimizer.step()

with torch.no_grad():
    print("loss after:", F.mse_loss(net(image), target).item())
