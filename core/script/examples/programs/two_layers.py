"""Two layers and their gradients by hand, in tensors; at the end autograd checks them."""

import torch

torch.manual_seed(0)
n, d_in, hidden, d_out = 64, 100, 50, 10
x = torch.randn(n, d_in)
y = torch.randn(n, d_out)
w1 = 0.1 * torch.randn(d_in, hidden)
w2 = 0.1 * torch.randn(hidden, d_out)
learning_rate = 1e-4

for step in range(200):
    h = x @ w1  # (64, 100) @ (100, 50) -> (64, 50)
    relu = h.clamp(min=0)
    y_pred = relu @ w2  # -> (64, 10)
    loss = ((y_pred - y) ** 2).sum().item()

    grad_y_pred = 2 * (y_pred - y)
    grad_w2 = relu.T @ grad_y_pred
    grad_h = grad_y_pred @ w2.T
    grad_h[h < 0] = 0
    grad_w1 = x.T @ grad_h

    if step % 40 == 0:
        print(step, loss)
    w1 = w1 - learning_rate * grad_w1
    w2 = w2 - learning_rate * grad_w2

first = w1.clone().requires_grad_()
((x @ first).clamp(min=0) @ w2 - y).pow(2).sum().backward()
h = x @ w1
grad_h = 2 * (h.clamp(min=0) @ w2 - y) @ w2.T
grad_h[h < 0] = 0
print("same gradient:", torch.allclose(first.grad, x.T @ grad_h, atol=1e-3))
