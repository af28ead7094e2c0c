import torch, torch.nn as nn, torch.nn.functional as F
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.g = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 4))
    def forward(self, x):
        h = self.f(x)
        return h, F.normalize(self.g(h), dim=-1)
def nt_xent(z1, z2, t=0.5):
    z = torch.cat([z1, z2])
    sim = z @ z.T / t
    sim.fill_diagonal_(float("-inf"))
    n = len(z1)
    target = torch.cat([torch.arange(n) + n, torch.arange(n)])
    return F.cross_entropy(sim, target)
enc = Encoder()
opt = torch.optim.Adam(enc.parameters(), 1e-3)
for i in range(5):
    x = torch.rand(8, 1, 12, 12)
    a, b = x + 0.05 * torch.randn_like(x), x.flip(-1)
    _, za = enc(a); _, zb = enc(b)
    loss = nt_xent(za, zb)
    opt.zero_grad(); loss.backward(); opt.step()
    print(loss.item())
