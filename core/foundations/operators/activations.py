"""``nn.ReLU`` and ``nn.LeakyReLU``."""

from __future__ import annotations

from core.errors import N_
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    check_inplace,
    random,
    same,
)
from core.ops.records import Call

SHAPE = Argument("shape", "shape", "3, 4", examples=("5", "2, 2, 3"))


def _formula(values: Values) -> Formula:
    check_inplace(values["inplace"])
    return same(values)


RELU = Operator(
    "ReLU",
    "torch.nn.ReLU",
    "activations",
    "nn.ReLU(inplace=False)",
    N_("Negative numbers become 0, the others stay."),
    "torch.nn.ReLU",
    (SHAPE, Argument("inplace", "bool", False)),
    lambda values: [random("x", values["shape"]), f"y = nn.ReLU(inplace={values['inplace']})(x)"],
    _formula,
    lambda names, _: Call("relu", {"input": names["x"]}, {}, names["y"]),
    Surprise(
        N_("Which gradient does PyTorch give ReLU at exactly 0, where the derivative does not exist?"),
        {"0": "0", "0.5": "0.5", "1": "1", "nan": "nan"},
        "0",
        "import torch\n\nx = torch.tensor([-1.0, 0.0, 1.0], requires_grad=True)\nx.relu().sum().backward()\n"
        "print('relu', x.grad)\nx.grad = None\n"
        "torch.maximum(x, torch.zeros(3)).sum().backward()\nprint('maximum(x, 0)', x.grad)\n",
        N_("relu takes 0 there; maximum(x, 0), the same function, takes 0.5. Any slope from 0 to 1 fits a corner."),
    ),
)

LEAKY_RELU = Operator(
    "LeakyReLU",
    "torch.nn.LeakyReLU",
    "activations",
    "nn.LeakyReLU(negative_slope=0.01, inplace=False)",
    N_("As ReLU, but negative numbers keep a small slope, so their gradient does not vanish."),
    "torch.nn.LeakyReLU",
    (
        SHAPE,
        Argument("negative_slope", "float", 0.01, -1.0, 2.0),
        Argument("inplace", "bool", False),
    ),
    lambda values: [
        random("x", values["shape"]),
        f"y = nn.LeakyReLU(negative_slope={values['negative_slope']}, inplace={values['inplace']})(x)",
    ],
    _formula,
    lambda names, values: Call(
        "leaky_relu", {"input": names["x"]}, {"negative_slope": values["negative_slope"]}, names["y"]
    ),
    Surprise(
        N_("A unit whose input is always negative: does it learn?"),
        {"both": N_("with both"), "leaky": N_("with LeakyReLU only"), "none": N_("with neither")},
        "leaky",
        "import torch\nimport torch.nn.functional as F\n\nw = torch.tensor(-1.0, requires_grad=True)\n"
        "x = torch.tensor([0.5, 1.0, 2.0])\nfor f in (F.relu, F.leaky_relu):\n    w.grad = None\n"
        "    f(w * x).sum().backward()\n    print(f.__name__, 'gradient of w:', w.grad)\n",
        N_("ReLU sends gradient 0 through a negative input: a dead unit. The leak keeps a small gradient."),
    ),
)
