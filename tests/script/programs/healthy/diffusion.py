import torch
from torch import nn

torch.manual_seed(0)
T = 50
betas = torch.linspace(1e-4, 0.05, T)
alphas = 1 - betas
alphas_bar = torch.cumprod(alphas, dim=0)

def sample_data(n):
    theta = 2 * torch.pi * torch.rand(n)
    return torch.stack([theta.cos(), theta.sin()], dim=1) + 0.05 * torch.randn(n, 2)

class NoisePredictor(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.time = nn.Embedding(T, hidden)
        self.inp = nn.Linear(2, hidden)
        self.net = nn.Sequential(nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 2))

    def forward(self, x, t):
        return self.net(self.inp(x) + self.time(t))

def q_sample(x0, t, noise):
    a = alphas_bar[t].unsqueeze(1)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

model = NoisePredictor()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(150):
    x0 = sample_data(128)
    t = torch.randint(0, T, (128,))
    noise = torch.randn_like(x0)
    pred = model(q_sample(x0, t, noise), t)
    loss = nn.functional.mse_loss(pred, noise)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(step, round(loss.item(), 4))

@torch.no_grad()
def sample(n):
    x = torch.randn(n, 2)
    for i in reversed(range(T)):
        t = torch.full((n,), i, dtype=torch.long)
        eps = model(x, t)
        x = (x - betas[i] / (1 - alphas_bar[i]).sqrt() * eps) / alphas[i].sqrt()
        if i > 0:
            x = x + betas[i].sqrt() * torch.randn_like(x)
    return x

s = sample(16)
print("radius", s.norm(dim=1).mean().item())
