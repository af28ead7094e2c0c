"""nn.Linear finds a matrix that is known."""

import torch
import torch.nn as nn

torch.manual_seed(0)
known = torch.tensor([[0.3, 0.4], [0.5, 0.6], [0.6, 0.2]])
x = torch.randn(100, 3)
y = x @ known  # (100, 3) @ (3, 2) -> (100, 2)

layer = nn.Linear(3, 2, bias=False)
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)

for step in range(300):
    rows = torch.randint(0, 100, (4,))
    optimizer.zero_grad()
    loss = criterion(layer(x[rows]), y[rows])
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(f"step {step}: loss {loss.item():.6f}")

print(layer.weight.T)
