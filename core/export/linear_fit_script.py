"""The linear fit as a script that needs only PyTorch and prints the numbers on the screen."""

from __future__ import annotations

from core.foundations.linear_fit import OPTIMIZERS, FitSettings


def _start(settings: FitSettings) -> str:
    rows = [list(settings.weights[i : i + 2]) for i in (0, 2, 4)]
    noise = ""
    if settings.noise:
        noise = f" + {settings.noise} * torch.randn({settings.samples}, 2, generator=generator)"
    return f"""import torch
from torch import nn

generator = torch.Generator().manual_seed({settings.seed})
W = torch.tensor({rows})  # what the network is to find
x = torch.rand({settings.samples}, 3, generator=generator)
y = x @ W{noise}  # (samples, 3) @ (3, 2) -> (samples, 2)

model = nn.Linear(3, 2, bias=False)
nn.init.kaiming_uniform_(model.weight, a=5**0.5, generator=generator)  # its own rule, from our generator"""


def script(settings: FitSettings) -> str:
    """Return the whole training as a program; it prints the loss now and then and the learned matrix."""
    optimizer = OPTIMIZERS[settings.optimizer].format(lr=settings.learning_rate)
    every = max(1, settings.iterations // 5)
    return f"""{_start(settings)}
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


def accumulation_script(settings: FitSettings, micro: int, size: int) -> str:
    """Return the comparison of one large batch with ``micro`` accumulated ones; it prints the gradients."""
    return f"""{_start(settings)}
criterion = nn.MSELoss()
x, y = x[:{size}], y[:{size}]


def gradient(parts, factors):
    model.zero_grad()
    for (x_i, y_i), factor in zip(parts, factors):
        (factor * criterion(model(x_i), y_i)).backward()  # adds to model.weight.grad
    return model.weight.grad.t().clone()


large = gradient([(x, y)], [1.0])
parts = list(zip(x.tensor_split({micro}), y.tensor_split({micro})))
ways = {{
    "none": [1.0] * {micro},
    "divide by k": [1 / {micro}] * {micro},
    "by share": [len(x_i) / {size} for x_i, _ in parts],
}}
print("one large batch", large)
for name, factors in ways.items():
    accumulated = gradient(parts, factors)
    print(name, accumulated, f"largest difference {{(accumulated - large).abs().max().item():.1e}}")
"""


def forgetting_script(settings: FitSettings, iterations: int) -> str:
    """Return plain SGD that never calls ``zero_grad``; it prints the loss over all samples."""
    return f"""{_start(settings)}
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr={settings.learning_rate})

for iteration in range({iterations}):
    batch = torch.randperm({settings.samples}, generator=generator)[:{settings.batch_size}]
    # optimizer.zero_grad() is missing: model.weight.grad keeps what it held
    criterion(model(x[batch]), y[batch]).backward()
    optimizer.step()
    with torch.no_grad():
        loss = criterion(model(x), y).item()
    if (iteration + 1) % {max(1, iterations // 10)} == 0 or iteration + 1 == {iterations}:
        print(f"iteration {{iteration + 1}}: loss {{loss:.2e}}, |grad| {{model.weight.grad.norm().item():.2e}}")
"""
