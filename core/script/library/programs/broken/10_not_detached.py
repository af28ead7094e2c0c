"""The discriminator's loss goes back into the generator."""
import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
D = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
opt_g = torch.optim.SGD(G.parameters(), 0.1)
opt_d = torch.optim.SGD(D.parameters(), 0.1)
for step in range(3):
    fake = G(torch.randn(4, 2))
    loss_d = D(fake).mean() - D(torch.randn(4, 2)).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()
    loss_g = -D(fake).mean()
    opt_g.zero_grad()
    loss_g.backward()  # here: not_detached
    opt_g.step()
