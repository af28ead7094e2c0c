"""A step changes the weights that a second loss still needs."""
import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
D = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
opt_g = torch.optim.SGD(G.parameters(), 0.1)
opt_d = torch.optim.SGD(D.parameters(), 0.1)
fake = G(torch.randn(4, 2))
score = D(fake)
loss_d = score.mean() - D(torch.randn(4, 2)).mean()
loss_g = -score.mean()
opt_d.zero_grad()
loss_d.backward(retain_graph=True)
opt_d.step()
opt_g.zero_grad()
loss_g.backward()  # here: step_between
opt_g.step()
