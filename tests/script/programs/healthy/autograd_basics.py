"""What tutorials show of autograd: leaves, retain_grad, retain_graph, detach, no_grad."""

import torch

x = torch.ones(2, 2, requires_grad=True)
y = x + 2
z = y * y * 3
out = z.mean()
y.retain_grad()
out.backward(retain_graph=True)
print(x.grad, y.grad)
x.grad = None
out.backward()
print(x.grad)
v = torch.tensor([0.1, 1.0, 0.001])
w = torch.randn(3, requires_grad=True)
u = w * 2
while u.detach().norm() < 1000:
    u = u * 2
u.backward(v)
print(w.grad, w.requires_grad, (w**2).requires_grad)
with torch.no_grad():
    print((w**2).requires_grad)
print(torch.autograd.grad((w**3).sum(), w))
a = torch.arange(6).reshape(2, 3)
b = a.detach().clone().float()
b += 1
print(a.t().contiguous().view(-1), b.view(3, 2), torch.einsum("ij,kj->ik", b, b))
