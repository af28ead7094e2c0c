"""The accuracy is computed in train mode, in a function with .data and max."""
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 2))
optimizer = torch.optim.Adam(model.parameters())
x = torch.randn(50, 4)
y = (x[:, 0] > 0).long()
for epoch in range(3):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()


def evaluate(net):
    correct = 0
    net.eval()
    with torch.no_grad():
        for i in range(0, 50, 10):
            output = net(x[i : i + 10])
            _, predicted = torch.max(output.data, 1)
            correct += (predicted == y[i : i + 10]).sum().item()
    return correct / 50


print(evaluate(model))
