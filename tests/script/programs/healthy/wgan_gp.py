import torch
from torch import nn, autograd, optim

def gradient_penalty(critic, real, fake, device="cpu"):
    alpha = torch.rand(real.size(0), 1, device=device).expand_as(real)
    interpolates = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    d_interpolates = critic(interpolates)
    gradients = autograd.grad(outputs=d_interpolates, inputs=interpolates,
                              grad_outputs=torch.ones_like(d_interpolates),
                              create_graph=True, retain_graph=True, only_inputs=True)[0]
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()

G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2))
D = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
optG = optim.Adam(G.parameters(), lr=1e-4, betas=(0.0, 0.9))
optD = optim.Adam(D.parameters(), lr=1e-4, betas=(0.0, 0.9))
for it in range(6):
    for p in D.parameters():
        p.requires_grad = True
    for _ in range(3):
        real = torch.randn(16, 2) * 0.5 + 2
        fake = G(torch.randn(16, 4)).detach()
        loss_d = D(fake).mean() - D(real).mean() + 10 * gradient_penalty(D, real, fake)
        optD.zero_grad()
        loss_d.backward()
        optD.step()
    for p in D.parameters():
        p.requires_grad = False
    optG.zero_grad()
    loss_g = -D(G(torch.randn(16, 4))).mean()
    loss_g.backward()
    optG.step()
    print(it, loss_d.item(), loss_g.item())
