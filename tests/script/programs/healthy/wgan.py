"""A Wasserstein GAN with a gradient penalty."""

import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
opt_g = torch.optim.RMSprop(G.parameters(), lr=1e-3)
opt_d = torch.optim.RMSprop(D.parameters(), lr=1e-3)


def penalty(real, fake):
    alpha = torch.rand(real.size(0), 1)
    between = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    score = D(between)
    grad = torch.autograd.grad(score, between, torch.ones_like(score), create_graph=True)[0]
    return ((grad.norm(2, dim=1) - 1) ** 2).mean()


for step in range(4):
    for _ in range(2):
        real = torch.randn(8, 2) + 1
        fake = G(torch.randn(8, 2)).detach()
        opt_d.zero_grad()
        loss_d = D(fake).mean() - D(real).mean() + 10 * penalty(real, fake)
        loss_d.backward()
        opt_d.step()
    opt_g.zero_grad()
    loss_g = -D(G(torch.randn(8, 2))).mean()
    loss_g.backward()
    opt_g.step()
print(loss_d.item(), loss_g.item())
