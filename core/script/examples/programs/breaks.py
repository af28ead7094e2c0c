"""A network with a mistake in it. Run it, and see where it breaks and why."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, kernel_size=3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 14 * 14, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        x = x.flatten(1)
        return self.fc(x)


model = Net()
images = torch.randn(16, 1, 28, 28)
scores = model(images)
print(scores.shape)
