"""LeNet with 3×3 kernels; the update by hand through .data; several optimizers."""

import torch
from torch import nn, optim
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 3)
        self.conv2 = nn.Conv2d(6, 16, 3)
        self.fc1 = nn.Linear(16 * 6 * 6, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, self.num_flat_features(x))
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

    def num_flat_features(self, x):
        count = 1
        for size in x.size()[1:]:
            count *= size
        return count


torch.manual_seed(0)
net = Net()
data = torch.randn(1, 32, 32).unsqueeze(0)
target = torch.randn(1, 10)
criterion = nn.MSELoss()
loss = criterion(net(data), target)
net.zero_grad()
loss.backward()
for f in net.parameters():
    f.data.sub_(f.grad.data * 0.01)
for make in (
    lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    lambda p: optim.Adam(p, lr=0.001),
    lambda p: optim.RMSprop(p, lr=0.001),
):
    optimizer = make(net.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        loss = criterion(net(data), target)
        loss.backward()
        optimizer.step()
    print(loss.item())
