# mypy: ignore-errors
"""Two layers as an ``nn.Module`` of its own, with Adam."""

import numpy as np
import torch
from torch import nn

N, D_in, H, D_out = 64, 1000, 100, 10  #: sizes
learning_rate, iterations, seed = 1e-4, 500, 0  #: settings

rng = np.random.default_rng(seed)  #: data
x = torch.from_numpy(rng.standard_normal((N, D_in)))  #: data
y = torch.from_numpy(rng.standard_normal((N, D_out)))  #: data


class TwoLayerNet(nn.Module):  #: model
    def __init__(self, D_in, H, D_out):  # noqa: N803  #: model
        super().__init__()  #: model
        self.linear1 = nn.Linear(D_in, H, bias=False, dtype=torch.float64)  #: hidden weights
        self.linear2 = nn.Linear(H, D_out, bias=False, dtype=torch.float64)  #: predict weights

    def forward(self, x):  #: model
        h_relu = self.linear1(x).clamp(min=0)  #: hidden relu
        return self.linear2(h_relu)  #: predict


torch.manual_seed(seed)  #: weights
model = TwoLayerNet(D_in, H, D_out)  #: weights
loss_fn = nn.MSELoss(reduction="sum")  #: loss
optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)  #: step

losses = []
for it in range(iterations):  #: loop
    y_pred = model(x)  #: hidden relu predict
    loss = loss_fn(y_pred, y)  #: loss
    losses.append(loss.item())
    print(it, losses[-1])

    optimizer.zero_grad()  #: zero_grad
    loss.backward()  #: grad_y_pred grad_w2 grad_h_relu grad_h grad_w1
    optimizer.step()  #: step

print("first loss", losses[0])
print("last loss", losses[-1])
