"""Experiments on the linear fit as the tutorial writes it."""

from __future__ import annotations

from core.claims.experiment import Experiment, Variables
from core.errors import N_
from core.sentence import Sentence

PRELUDE = """\
import numpy as np
import torch
from torch import nn, optim

torch.manual_seed(1)
W = torch.tensor([[0.3, 0.4], [0.5, 0.6], [0.6, 0.2]])
x = torch.rand((100, 3))
y = torch.matmul(W.t(), x.t()).t()  # (100, 2)
"""
RANDOM_BATCH = """\
def random_batch(batch_size=4):
    random_x = torch.zeros((batch_size, 3))
    random_y = torch.zeros((batch_size, 2))
    random_index = np.random.choice(range(len(x)), batch_size, replace=False)
    for i, index in enumerate(random_index):
        random_x[i] = x[index]
        random_y[i] = y[index]
    return random_index, random_x, random_y
"""


def _random_batch(ran: Variables) -> tuple[bool, Sentence]:
    same = ran["again"] == ran["seeded"] and ran["unseeded"][0] != ran["unseeded"][1]
    distinct = all(len(set(batch)) == 4 for batch in (*ran["unseeded"], ran["seeded"]))
    return same and distinct and ran["rows"] and ran["repeated"] > 0, Sentence(
        N_(
            "NumPy has a generator of its own: torch.manual_seed does not touch it, np.random.seed does. With "
            "replace=False no sample comes twice in a batch; with replace=True {repeated} of 1000 batches held one "
            "twice. x[index] gives the same rows without a loop, and torch.randperm(100)[:4] draws with torch's "
            "generator."
        ),
        {"repeated": ran["repeated"]},
    )


def _transposed(ran: Variables) -> tuple[bool, Sentence]:
    apart = (ran["y"] - ran["short"]).abs().max().item()
    return apart < 1e-6 and not ran["y"].is_contiguous() and ran["short"].is_contiguous(), Sentence(
        N_(
            "(WᵀXᵀ)ᵀ = XW: the largest difference is {apart:.1g}. x @ W is shorter, and its rows lie in memory one "
            "after the other; the transposed result is only a view with other strides, {strides}."
        ),
        {"apart": apart, "strides": ran["y"].stride()},
    )


def _learned(ran: Variables) -> tuple[bool, Sentence]:
    shown, weight = ran["shown"], ran["model"].W.weight
    apart = (shown.detach() - ran["W"]).abs().max().item()
    same_memory = shown.data_ptr() == weight.data_ptr()
    return same_memory and shown.grad_fn.name().startswith("TBackward") and apart < 0.05, Sentence(
        N_(
            "t() is an operation on a parameter, so autograd records it: the result is no leaf, and its grad_fn is "
            "{name}. nn.Linear holds W transposed, hence the t(). detach() leaves the graph behind. "
            "The learned matrix is within {apart:.4f} of W."
        ),
        {"name": shown.grad_fn.name(), "apart": apart},
    )


EXPERIMENTS: dict[str, Experiment] = {
    "fit_program": Experiment(
        N_("The whole program, and grad_fn=<TBackward0> at its end"),
        N_("print(model.W.weight.t()) should print six numbers and nothing else."),
        _learned,
        RANDOM_BATCH
        + """

class Simple_nn(nn.Module):
    def __init__(self):
        super(Simple_nn, self).__init__()
        self.W = nn.Linear(3, 2, bias=False)

    def forward(self, X):
        return self.W(X)

np.random.seed(1)
model = Simple_nn()
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)
for epoch in range(5000):
    _, input_batch, output_batch = random_batch()
    optimizer.zero_grad()
    loss = criterion(model(input_batch), output_batch)
    if (epoch + 1) % 1000 == 0:
        print("Epoch:", "%04d" % (epoch + 1), "cost =", "{:.6f}".format(loss))
    loss.backward()
    optimizer.step()

shown = model.W.weight.t()
print(shown)
print(shown.detach())
""",
        PRELUDE,
    ),
    "fit_batch": Experiment(
        N_("random_batch with np.random.choice"),
        N_("torch.manual_seed(1) should make the batches repeat."),
        _random_batch,
        RANDOM_BATCH
        + """
unseeded = []
for _ in range(2):
    torch.manual_seed(1)
    index, batch_x, batch_y = random_batch()
    unseeded.append(index.tolist())
print("after torch.manual_seed(1):", *unseeded)

np.random.seed(1)
seeded = random_batch()[0].tolist()
np.random.seed(1)
again = random_batch()[0].tolist()
print("after np.random.seed(1):   ", seeded, again)

rows = torch.equal(x[index], batch_x)
print("x[index] is the batch:     ", rows)
draws = [np.random.choice(100, 4, replace=True).tolist() for _ in range(1000)]
repeated = sum(len(set(draw)) < 4 for draw in draws)
print("replace=True, a sample twice:", repeated, "of 1000 batches")
""",
        PRELUDE,
    ),
    "fit_transposed": Experiment(
        N_("torch.matmul(W.t(), x.t()).t() and x @ W"),
        N_("Three transposes should make another matrix than none."),
        _transposed,
        """\
short = x @ W
print(y.shape, short.shape)
print("largest difference:", (y - short).abs().max().item())
print("contiguous:", y.is_contiguous(), short.is_contiguous())
""",
        PRELUDE,
    ),
}
