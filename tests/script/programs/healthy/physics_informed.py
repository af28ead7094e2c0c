# physics-informed network for u'' = -u, u(0) = 0, u'(0) = 1  ->  sin(x)
import torch
import torch.nn as nn

torch.manual_seed(3)

net = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=5e-3)

def grad(y, x):
    return torch.autograd.grad(y, x, grad_outputs=torch.ones_like(y), create_graph=True)[0]

x0 = torch.zeros(1, 1, requires_grad=True)
for it in range(200):
    x = (torch.rand(64, 1) * 3.14).requires_grad_(True)
    u = net(x)
    du = grad(u, x)
    ddu = grad(du, x)
    residual = (ddu + u).pow(2).mean()
    u0 = net(x0)
    boundary = u0.pow(2).mean() + (grad(u0, x0) - 1).pow(2).mean()
    loss = residual + boundary
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(f"{it:4d} residual={residual.item():.4f} boundary={boundary.item():.4f}")

with torch.no_grad():
    xs = torch.linspace(0, 3.14, 20).unsqueeze(1)
    print("max error", (net(xs) - torch.sin(xs)).abs().max().item())
