import itertools
import torch
import torch.nn as nn

torch.manual_seed(0)
def G(): return nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
def D(): return nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
G_AB, G_BA, D_A, D_B = G(), G(), D(), D()
mse, l1 = nn.MSELoss(), nn.L1Loss()
opt_G = torch.optim.Adam(itertools.chain(G_AB.parameters(), G_BA.parameters()), lr=2e-3, betas=(0.5, 0.999))
opt_DA = torch.optim.Adam(D_A.parameters(), lr=2e-3, betas=(0.5, 0.999))
opt_DB = torch.optim.Adam(D_B.parameters(), lr=2e-3, betas=(0.5, 0.999))
ones, zeros = torch.ones(32, 1), torch.zeros(32, 1)
for i in range(40):
    real_A = torch.randn(32, 2)
    real_B = torch.randn(32, 2) * 0.5 + torch.tensor([2.0, 0.0])
    opt_G.zero_grad()
    fake_B, fake_A = G_AB(real_A), G_BA(real_B)
    loss_gan = mse(D_B(fake_B), ones) + mse(D_A(fake_A), ones)
    loss_cycle = l1(G_BA(fake_B), real_A) + l1(G_AB(fake_A), real_B)
    loss_G = loss_gan + 10.0 * loss_cycle
    loss_G.backward()
    opt_G.step()
    for opt, net, real, fake in ((opt_DA, D_A, real_A, fake_A), (opt_DB, D_B, real_B, fake_B)):
        opt.zero_grad()
        loss_D = 0.5 * (mse(net(real), ones) + mse(net(fake.detach()), zeros))
        loss_D.backward()
        opt.step()
    if i % 10 == 0:
        print(f"[{i}] G {loss_G.item():.3f} cycle {loss_cycle.item():.3f} D {loss_D.item():.3f}")
