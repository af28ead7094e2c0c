"""The linear fit as a script that needs only PyTorch and prints the numbers on the screen."""

from __future__ import annotations

from core.foundations.linear_fit import OPTIMIZERS, FitSettings


def script(settings: FitSettings) -> str:
    """Return the whole training as a program; it prints the loss now and then and the learned matrix."""
    rows = [list(settings.weights[i : i + 2]) for i in (0, 2, 4)]
    optimizer = OPTIMIZERS[settings.optimizer].format(lr=settings.learning_rate)
    noise = ""
    if settings.noise:
        noise = f" + {settings.noise} * torch.randn({settings.samples}, 2, generator=generator)"
    every = max(1, settings.iterations // 5)
    return f"""import torch
from torch import nn

generator = torch.Generator().manual_seed({settings.seed})
W = torch.tensor({rows})  # what the network is to find
x = torch.rand({settings.samples}, 3, generator=generator)
y = x @ W{noise}  # (samples, 3) @ (3, 2) -> (samples, 2)

model = nn.Linear(3, 2, bias=False)
nn.init.kaiming_uniform_(model.weight, a=5**0.5, generator=generator)  # its own rule, from our generator
criterion = nn.MSELoss()
optimizer = {optimizer}

for iteration in range({settings.iterations}):
    batch = torch.randperm({settings.samples}, generator=generator)[:{settings.batch_size}]
    optimizer.zero_grad()
    loss = criterion(model(x[batch]), y[batch])
    loss.backward()
    optimizer.step()
    if (iteration + 1) % {every} == 0:
        print(f"iteration {{iteration + 1}}: loss {{loss.item():.6e}}")
    if not loss.item() < 1e12:
        print(f"diverged in iteration {{iteration + 1}}")
        break

learned = model.weight.detach().t()  # nn.Linear holds W transposed: (2, 3)
print(learned)
print(f"largest difference from W: {{(learned - W).abs().max().item():.6f}}")
"""
