import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader

class Blobs(Dataset):
    def __init__(self, n, size=24):
        g = torch.Generator().manual_seed(n)
        self.items = []
        yy, xx = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
        for _ in range(n):
            cy, cx = torch.randint(5, size - 5, (2,), generator=g)
            mask = (((yy - cy) ** 2 + (xx - cx) ** 2) < 16).float()
            img = mask + 0.3 * torch.randn(size, size, generator=g)
            self.items.append((img[None], mask[None]))
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]

def conv_block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(inplace=True))

class SegNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = conv_block(1, 8), conv_block(8, 16)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
        self.dec = conv_block(16, 8)
        self.head = nn.Conv2d(8, 1, 1)
    def forward(self, x):
        d1 = self.down1(x)
        d2 = self.down2(self.pool(d1))
        u = torch.cat([self.up(d2), d1], dim=1)
        return self.head(self.dec(u))

class FocalDice(nn.Module):
    def __init__(self, gamma=2.0, smooth=1.0):
        super().__init__()
        self.gamma, self.smooth = gamma, smooth
    def forward(self, logits, target):
        bce = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
        p_t = torch.exp(-bce)
        focal = ((1 - p_t) ** self.gamma * bce).mean()
        p = torch.sigmoid(logits)
        inter = (p * target).sum(dim=(1, 2, 3))
        dice = 1 - (2 * inter + self.smooth) / (p.sum(dim=(1, 2, 3)) + target.sum(dim=(1, 2, 3)) + self.smooth)
        return focal + dice.mean()

def iou(logits, mask):
    pred = logits > 0
    mask = mask.bool()
    return ((pred & mask).sum() / (pred | mask).sum().clamp(min=1)).item()

if __name__ == "__main__":
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train, val = DataLoader(Blobs(48), 8, shuffle=True), DataLoader(Blobs(16), 16)
    model, criterion = SegNet().to(device), FocalDice()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
    for epoch in range(3):
        model.train()
        for img, mask in train:
            img, mask = img.to(device), mask.to(device)
            loss = criterion(model(img), mask)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            img, mask = next(iter(val))
            out = model(img.to(device))
            vloss = criterion(out, mask.to(device))
        scheduler.step(vloss)
        print(f"Epoch {epoch}: train {loss.item():.3f} val {vloss.item():.3f} IoU {iou(out, mask):.3f}")
