"""The MNIST network, trained for a few batches of made-up digits, so that it needs no download."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.drop = nn.Dropout2d()
        self.fc1 = nn.Linear(320, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))  # (N, 1, 28, 28) -> (N, 10, 12, 12)
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))  # -> (N, 20, 4, 4)
        x = x.view(-1, 320)
        x = F.dropout(F.relu(self.fc1(x)), training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


torch.manual_seed(1)
# A bar in one of ten columns, under noise: the label is the column.
labels = torch.randint(0, 10, (640,))
images = 0.3 * torch.randn(640, 1, 28, 28)
for number, label in enumerate(labels.tolist()):
    images[number, 0, :, 4 + 2 * label] += 2.0
train_loader = DataLoader(TensorDataset(images[:512], labels[:512]), batch_size=64, shuffle=True)
test_images, test_labels = images[512:], labels[512:]

model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)

for epoch in range(3):
    model.train()
    for batch, (data, target) in enumerate(train_loader):
        optimizer.zero_grad()
        loss = F.nll_loss(model(data), target)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        output = model(test_images)
        test_loss = F.nll_loss(output, test_labels).item()
        correct = (output.argmax(dim=1) == test_labels).sum().item()
    print(f"epoch {epoch + 1}: test loss {test_loss:.4f}, {correct} of {len(test_labels)} correct")
