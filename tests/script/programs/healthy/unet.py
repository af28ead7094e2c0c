"""A small U-Net."""

import torch
from torch import nn


def double(n_in, n_out):
    return nn.Sequential(nn.Conv2d(n_in, n_out, 3, padding=1), nn.BatchNorm2d(n_out), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2 = double(1, 4), double(4, 8)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.last = nn.Sequential(double(8, 4), nn.Conv2d(4, 1, 1))

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(nn.functional.max_pool2d(a, 2))
        return self.last(torch.cat([a, self.up(b)], dim=1))


torch.manual_seed(0)
x = torch.rand(4, 1, 16, 16)
mask = (x > 0.5).float()
model = UNet()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for step in range(4):
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(model(x), mask)
    loss.backward()
    optimizer.step()
model.eval()
with torch.no_grad():
    overlap = ((model(x) > 0).float() * mask).sum() / mask.sum()
print(overlap.item())
