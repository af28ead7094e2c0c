"""The MNIST network with Dropout2d and log_softmax; small pictures made here stand in for MNIST."""

import io

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

n_epochs, log_interval = 2, 2
torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.conv2_drop = nn.Dropout2d()
        self.fc1 = nn.Linear(320, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv2(x)), 2))
        x = x.view(-1, 320)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        x = self.fc2(x)
        return F.log_softmax(x, dim=1)


def pictures(count):
    labels = torch.arange(count) % 10
    images = torch.randn(count, 1, 28, 28) * 0.3
    for image, label in zip(images, labels):
        image[0, label * 2 : label * 2 + 3] += 2.0
    return TensorDataset(images, labels)


train_loader = DataLoader(pictures(96), batch_size=16, shuffle=True)
test_loader = DataLoader(pictures(40), batch_size=20, shuffle=True)
network = Net()
optimizer = optim.SGD(network.parameters(), lr=0.01, momentum=0.5)
train_losses, train_counter, test_losses = [], [], []


def train(epoch):
    network.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        output = network(data)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()
        if batch_idx % log_interval == 0:
            print(f"Train Epoch: {epoch} Loss: {loss.item():.6f}")
            train_losses.append(loss.item())
            train_counter.append(batch_idx * 16 + (epoch - 1) * len(train_loader.dataset))
            file = io.BytesIO()
            torch.save(network.state_dict(), file)


def test():
    network.eval()
    test_loss = 0
    correct = 0
    with torch.no_grad():
        for data, target in test_loader:
            output = network(data)
            test_loss += F.nll_loss(output, target, reduction="sum").item()
            pred = output.data.max(1, keepdim=True)[1]
            correct += pred.eq(target.data.view_as(pred)).sum()
    test_loss /= len(test_loader.dataset)
    test_losses.append(test_loss)
    print(f"Test: {test_loss:.4f}, {correct}/{len(test_loader.dataset)}")


test()
for epoch in range(1, n_epochs + 1):
    train(epoch)
    test()
