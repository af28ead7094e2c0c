"""LeNet on a picture of noise: parameters, gradients, one update by hand and one by SGD."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


torch.manual_seed(0)
net = LeNet()
print(net)
params = list(net.parameters())
print(len(params), params[0].size())

picture = torch.randn(1, 1, 32, 32)
out = net(picture)
print(out)
net.zero_grad()
out.backward(torch.randn(1, 10))

target = torch.randn(10).view(1, -1)
criterion = nn.MSELoss()
net.zero_grad()
loss = criterion(net(picture), target)
print(loss, loss.grad_fn, loss.grad_fn.next_functions[0][0])
print(net.conv1.bias.grad)
loss.backward()
print(net.conv1.bias.grad)

with torch.no_grad():
    for parameter in net.parameters():
        parameter -= 0.01 * parameter.grad

optimizer = optim.SGD(net.parameters(), lr=0.01)
optimizer.zero_grad()
loss = criterion(net(picture), target)
loss.backward()
optimizer.step()
