"""Two layers as Sequential with an update by hand, and as a Module with Adam."""

import torch
import torch.nn as nn

torch.manual_seed(0)
N, D_in, H, D_out = 16, 50, 20, 10
x, y = torch.randn(N, D_in), torch.randn(N, D_out)
model = nn.Sequential(nn.Linear(D_in, H, bias=False), nn.ReLU(), nn.Linear(H, D_out, bias=False))
nn.init.normal_(model[0].weight)
nn.init.normal_(model[2].weight)
loss_fn = nn.MSELoss(reduction="sum")
learning_rate = 1e-5
for it in range(60):
    loss = loss_fn(model(x), y)
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= learning_rate * param.grad
    model.zero_grad()
print(loss)


class TwoLayerNet(nn.Module):
    def __init__(self, D_in, H, D_out):
        super().__init__()
        self.linear1 = nn.Linear(D_in, H, bias=False)
        self.linear2 = nn.Linear(H, D_out, bias=False)

    def forward(self, x):
        return self.linear2(self.linear1(x).clamp(min=0))


model = TwoLayerNet(D_in, H, D_out)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
for it in range(60):
    loss = loss_fn(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.item())
