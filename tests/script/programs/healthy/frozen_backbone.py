import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler
torch.manual_seed(0)
backbone = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten())
for p in backbone.parameters():
    p.requires_grad = False
backbone.eval()
head = nn.Linear(8 * 16, 2)
x = torch.randn(300, 1, 12, 12)
y = torch.zeros(300, dtype=torch.long); y[:60] = 1
x[:60, :, :6, :6] += 1.5
w = 1.0 / torch.bincount(y).float()
sampler = WeightedRandomSampler(w[y], num_samples=300, replacement=True)
loader = DataLoader(TensorDataset(x, y), batch_size=50, sampler=sampler)
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, head.parameters()), lr=0.01)
for epoch in range(4):
    head.train()
    hits = n = 0
    for xb, yb in loader:
        with torch.no_grad():
            feats = backbone(xb)
        out = head(feats)
        loss = nn.functional.cross_entropy(out, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        hits += (out.argmax(1) == yb).sum().item(); n += len(yb)
    print(f"epoch {epoch+1} acc {hits/n:.3f}")
backbone[0].weight.requires_grad_(True)
print("unfrozen:", sum(p.requires_grad for p in backbone.parameters()))
