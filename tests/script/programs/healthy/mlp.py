"""An MLP with a train and a test set."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(0)
x = torch.randn(200, 10)
y = (x[:, 0] + x[:, 1] > 0).long()
train_set, test_set = random_split(TensorDataset(x, y), [160, 40])
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class MLP(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_in, n_hidden), nn.ReLU(), nn.Dropout(0.2), nn.Linear(n_hidden, n_out)
        )

    def forward(self, x):
        return self.layers(x)


model = MLP(10, 32, 2).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(4):
    model.train()
    running = 0.0
    for xb, yb in DataLoader(train_set, batch_size=32, shuffle=True):
        xb, yb = xb.to(device), yb.to(device)
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(xb)
    model.eval()
    correct = 0
    with torch.no_grad():
        for xb, yb in DataLoader(test_set, batch_size=20):
            correct += (model(xb.to(device)).argmax(dim=1) == yb.to(device)).sum().item()
    print(epoch, running / len(train_set), correct / len(test_set))
