# mypy: ignore-errors
"""Two layers as ``nn.Sequential``, the gradients by autograd."""

import numpy as np
import torch
from torch import nn

N, D_in, H, D_out = 64, 1000, 100, 10  #: sizes
learning_rate, iterations, seed = 1e-6, 500, 0  #: settings

rng = np.random.default_rng(seed)  #: data
x = torch.from_numpy(rng.standard_normal((N, D_in)))  #: data
y = torch.from_numpy(rng.standard_normal((N, D_out)))  #: data
w1 = torch.from_numpy(rng.standard_normal((D_in, H)))  #: weights
w2 = torch.from_numpy(rng.standard_normal((H, D_out)))  #: weights

model = nn.Sequential(  #: model
    nn.Linear(D_in, H, bias=False, dtype=torch.float64),  #: hidden
    nn.ReLU(),  #: relu
    nn.Linear(H, D_out, bias=False, dtype=torch.float64),  #: predict
)
with torch.no_grad():  #: weights
    model[0].weight.copy_(w1.t())  # nn.Linear holds its weight transposed: (H, D_in)  #: weights
    model[2].weight.copy_(w2.t())  #: weights
loss_fn = nn.MSELoss(reduction="sum")  #: loss

losses = []
for it in range(iterations):  #: loop
    y_pred = model(x)  #: hidden relu predict
    loss = loss_fn(y_pred, y)  #: loss
    losses.append(loss.item())
    print(it, losses[-1])

    model.zero_grad()  #: zero_grad
    loss.backward()  #: grad_y_pred grad_w2 grad_h_relu grad_h grad_w1

    with torch.no_grad():  #: step
        for param in model.parameters():  #: step
            param -= learning_rate * param.grad  #: step

print("first loss", losses[0])
print("last loss", losses[-1])
