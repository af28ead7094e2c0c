# mypy: ignore-errors
"""Two layers in torch tensors, the same gradients by hand."""

import numpy as np
import torch

N, D_in, H, D_out = 64, 1000, 100, 10  #: sizes
learning_rate, iterations, seed = 1e-6, 500, 0  #: settings

rng = np.random.default_rng(seed)  #: data
x = torch.from_numpy(rng.standard_normal((N, D_in)))  #: data
y = torch.from_numpy(rng.standard_normal((N, D_out)))  #: data
w1 = torch.from_numpy(rng.standard_normal((D_in, H)))  #: weights
w2 = torch.from_numpy(rng.standard_normal((H, D_out)))  #: weights

losses = []
for it in range(iterations):  #: loop
    h = x.mm(w1)  #: hidden
    h_relu = h.clamp(min=0)  #: relu
    y_pred = h_relu.mm(w2)  #: predict

    loss = (y_pred - y).pow(2).sum().item()  #: loss
    losses.append(loss)
    print(it, losses[-1])

    grad_y_pred = 2.0 * (y_pred - y)  #: grad_y_pred
    grad_w2 = h_relu.t().mm(grad_y_pred)  #: grad_w2
    grad_h_relu = grad_y_pred.mm(w2.t())  #: grad_h_relu
    grad_h = grad_h_relu.clone()  #: grad_h
    grad_h[h < 0] = 0  #: grad_h
    grad_w1 = x.t().mm(grad_h)  #: grad_w1

    w1 -= learning_rate * grad_w1  #: step
    w2 -= learning_rate * grad_w2  #: step

print("first loss", losses[0])
print("last loss", losses[-1])
