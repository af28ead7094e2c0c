"""Experiments on the two-layer network as the tutorial writes it."""

from __future__ import annotations

import math

from core.claims.experiment import Experiment, Variables
from core.errors import N_
from core.sentence import Sentence

PRELUDE = """\
import torch
from torch import nn

torch.manual_seed(0)
N, D_in, H, D_out = 64, 1000, 100, 10
x = torch.randn(N, D_in)
y = torch.randn(N, D_out)
"""


def _bias(ran: Variables) -> tuple[bool, Sentence]:
    start, bound = ran["start"].abs().max().item(), 1 / math.sqrt(ran["H"])
    names = [name for name, _ in ran["model"].named_parameters()]
    return names == ["0.weight", "2.weight", "2.bias"] and start <= bound and ran["moved"] > 0, Sentence(
        N_(
            "{names}: the second Linear has a bias, because bias=False stands in the first one only. normal_ set "
            "both weights (std {std:.2f} now); nobody set the bias, so it starts within ±1/√H = ±{bound:.2g} and "
            "learns along. The programs of this page that write bias=False twice are another network."
        ),
        {"names": ", ".join(names), "std": ran["std"], "bound": bound},
    )


def _mm(ran: Variables) -> tuple[bool, Sentence]:
    rows, columns = ran["h"].shape
    return ran["same"] and "error" in ran, Sentence(
        N_(
            "x.mm(w1) is a matrix product: {rows}·{columns} dot products, each of a row of x with a column of "
            "w1. It takes matrices only. torch.dot is the dot product of two vectors: {dot:g}."
        ),
        {"rows": rows, "columns": columns, "dot": ran["dot"].item()},
    )


EXPERIMENTS: dict[str, Experiment] = {
    "ways_bias": Experiment(
        N_("nn.init.normal_, and the bias that is still there"),
        N_("bias=False is written, so the network should have two tensors to learn, both set by normal_."),
        _bias,
        """\
model = nn.Sequential(
    nn.Linear(D_in, H, bias=False),
    nn.ReLU(),
    nn.Linear(H, D_out),
)
nn.init.normal_(model[0].weight)
nn.init.normal_(model[2].weight)
std = model[0].weight.std().item()
start = model[2].bias.detach().clone()
for name, p in model.named_parameters():
    print(name, tuple(p.shape), f"std {p.std().item():.3f}")

loss_fn = nn.MSELoss(reduction="sum")
learning_rate = 1e-6
for it in range(500):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)
    if it % 100 == 0 or it == 499:
        print(it, loss.item())
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= learning_rate * param.grad
    model.zero_grad()

moved = (model[2].bias - start).abs().max().item()
print("the bias moved by up to", moved)
""",
        PRELUDE,
    ),
    "ways_mm": Experiment(
        N_("What one tutorial says: .mm computes a dot product of vectors"),
        N_("a.mm(b) of two vectors would give their dot product."),
        _mm,
        """\
w1 = torch.randn(D_in, H)
h = x.mm(w1)
print(x.shape, w1.shape, h.shape)
same = torch.allclose(h[3, 5], torch.dot(x[3], w1[:, 5]), rtol=1e-4)
print("h[3, 5] is a dot product:", same)
a, b = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0, 6.0])
dot = torch.dot(a, b)
print(dot)
a.mm(b)
""",
        PRELUDE,
        raises=True,
    ),
}
