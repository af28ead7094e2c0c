import torch
from torch.autograd import Function, gradcheck

class Swish(Function):
    @staticmethod
    def forward(ctx, x, beta):
        s = torch.sigmoid(beta * x)
        ctx.save_for_backward(x, s)
        ctx.beta = beta
        return x * s

    @staticmethod
    def backward(ctx, grad_output):
        x, s = ctx.saved_tensors
        return grad_output * (s + ctx.beta * x * s * (1 - s)), None

class StraightThrough(Function):
    @staticmethod
    def forward(ctx, x):
        return (x > 0).to(x.dtype)
    @staticmethod
    def backward(ctx, g):
        return g.clamp(-1, 1)

class BinaryNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Linear(8, 16)
        self.b = torch.nn.Linear(16, 2)
    def forward(self, x):
        h = Swish.apply(self.a(x), 1.5)
        return self.b(StraightThrough.apply(h - 0.1) + h)

print("gradcheck:", gradcheck(lambda t: Swish.apply(t, 1.5), torch.randn(4, dtype=torch.double, requires_grad=True)))
torch.manual_seed(0)
x = torch.randn(200, 8)
y = (x[:, 0] * x[:, 1] > 0).long()
net = BinaryNet()
opt = torch.optim.Adam(net.parameters(), 0.01)
for epoch in range(60):
    out = net(x)
    loss = torch.nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
print("accuracy", (net(x).argmax(-1) == y).float().mean().item())
