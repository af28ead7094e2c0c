"""A GAN that learns a normal distribution."""

import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1), nn.Sigmoid())
criterion = nn.BCELoss()
opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
fixed_noise = torch.randn(8, 4)
G_losses, D_losses, pictures = [], [], []
for step in range(10):
    real = torch.randn(16, 2) + 3
    ones, zeros = torch.ones(16, 1), torch.zeros(16, 1)
    D.zero_grad()
    loss_real = criterion(D(real), ones)
    loss_real.backward()
    fake = G(torch.randn(16, 4))
    loss_fake = criterion(D(fake.detach()), zeros)
    loss_fake.backward()
    loss_d = loss_real + loss_fake
    opt_d.step()
    G.zero_grad()
    loss_g = criterion(D(fake), ones)
    loss_g.backward()
    opt_g.step()
    G_losses.append(loss_g.item())
    D_losses.append(loss_d.item())
    with torch.no_grad():
        pictures.append(G(fixed_noise).detach().cpu())
print(G_losses[-1], D_losses[-1])
