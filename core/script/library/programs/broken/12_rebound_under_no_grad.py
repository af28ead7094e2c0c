"""w = w - … under no_grad: w is another tensor."""

import torch

torch.manual_seed(0)
x = torch.randn(20)
y = 3 * x
w = torch.zeros(1, requires_grad=True)
for step in range(3):
    loss = ((w * x - y) ** 2).mean()
    loss.backward()  # here: parameter_rebound
    with torch.no_grad():
        w = w - 0.1 * w.grad
print(w)
