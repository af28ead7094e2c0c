import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader

class TripletDataset(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y
        self.by_class = {int(c): (y == c).nonzero().flatten() for c in y.unique()}
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        c = int(self.y[i])
        others = [k for k in self.by_class if k != c]
        neg_c = others[torch.randint(len(others), (1,)).item()]
        p = self.by_class[c][torch.randint(len(self.by_class[c]), (1,))].item()
        n = self.by_class[neg_c][torch.randint(len(self.by_class[neg_c]), (1,))].item()
        return self.x[i], self.x[p], self.x[n]

torch.manual_seed(0)
centers = torch.randn(5, 12) * 2
labels = torch.arange(100) % 5
points = centers[labels] + torch.randn(100, 12)
net = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 4))
criterion = nn.TripletMarginLoss(margin=1.0)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(5):
    running_loss = 0.0
    for anchor, pos, neg in DataLoader(TripletDataset(points, labels), batch_size=20, shuffle=True):
        optimizer.zero_grad()
        a, p, n = (F.normalize(net(v), dim=1) for v in (anchor, pos, neg))
        loss = criterion(a, p, n)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    print("Epoch: %d - Loss: %.4f" % (epoch + 1, running_loss / 5))
with torch.no_grad():
    e = net(points)
    d = torch.cdist(e, e) + torch.eye(100) * 1e9
    print("1-NN accuracy:", (labels[d.argmin(1)] == labels).float().mean().item())
