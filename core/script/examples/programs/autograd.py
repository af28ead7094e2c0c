"""LeNet with 3×3 kernels: gradients before and after backward, and how they add up without zero_grad."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet3(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)  # (N, 1, 32, 32) -> (N, 6, 15, 15)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)  # -> (N, 16, 6, 6)
        x = x.flatten(1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


torch.manual_seed(0)
net = LeNet3()
picture = torch.randn(1, 32, 32)
batch = picture.unsqueeze(0)  # (1, 32, 32) -> (1, 1, 32, 32)
target = torch.tensor([3])

print("before backward:", net.conv1.bias.grad)
loss = F.cross_entropy(net(batch), target)
print("the graph ends in", loss.grad_fn)
loss.backward()
once = net.conv1.bias.grad.clone()
print("after one backward:", once)

F.cross_entropy(net(batch), target).backward()
print("after two, without zero_grad:", net.conv1.bias.grad / once)

learning_rate = 0.01
with torch.no_grad():
    for parameter in net.parameters():
        parameter -= learning_rate * parameter.grad / 2
        parameter.grad = None
print("loss after the update:", F.cross_entropy(net(batch), target).item())
