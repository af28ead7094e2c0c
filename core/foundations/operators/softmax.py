"""``nn.Softmax`` and ``nn.LogSoftmax``."""

from __future__ import annotations

from core.errors import N_
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    dimension,
    random,
    same,
)
from core.ops.records import Call

ARGUMENTS = (
    Argument("shape", "shape", "2, 3", examples=("3", "2, 2, 3")),
    Argument("dim", "choice", "1", options=("None", "-3", "-2", "-1", "0", "1", "2")),
)


def _lines(values: Values) -> list[str]:
    return [random("x", values["shape"]), f"y = nn.{values['layer']}(dim={values['dim']})(x)"]


def _formula(values: Values) -> Formula:
    if values["dim"] != "None":
        dimension({"dim": int(values["dim"])}, "dim", len(values["shape"]))
    return same(values)


def _call(name: str, names: Values, values: Values) -> Call:
    options = {} if values["dim"] == "None" else {"dim": int(values["dim"])}
    return Call(name, {"input": names["x"]}, options, names["y"])


SOFTMAX = Operator(
    "Softmax",
    "torch.nn.Softmax",
    "activations",
    "nn.Softmax(dim=None)",
    N_("Turns numbers into shares that are positive and add up to 1 along dim."),
    "torch.nn.Softmax",
    ARGUMENTS,
    lambda values: _lines({**values, "layer": "Softmax"}),
    _formula,
    lambda names, values: _call("softmax", names, values),
    Surprise(
        N_("Logits (N, classes) go through softmax with dim=0 by mistake. Then…"),
        {
            "error": N_("PyTorch refuses"),
            "columns": N_("each class adds up to 1 over the batch, and no error is raised"),
            "same": N_("the result is the same as with dim=1"),
        },
        "columns",
        "import torch\n\nscores = torch.tensor([[1.0, 2.0, 3.0], [3.0, 2.0, 0.0]])\nfor dim in (1, 0):\n"
        "    p = scores.softmax(dim)\n    print(f'dim={dim}')\n    print(p)\n"
        "    print('  rows add up to', p.sum(1), ' columns to', p.sum(0))\n",
        N_("dim says along which dimension the shares add up to 1. With dim=0 each example depends on the others."),
    ),
)

LOG_SOFTMAX = Operator(
    "LogSoftmax",
    "torch.nn.LogSoftmax",
    "activations",
    "nn.LogSoftmax(dim=None)",
    N_("The logarithm of softmax, computed so that nothing overflows or vanishes."),
    "torch.nn.LogSoftmax",
    ARGUMENTS,
    lambda values: _lines({**values, "layer": "LogSoftmax"}),
    _formula,
    lambda names, values: _call("log_softmax", names, values),
    Surprise(
        N_("log(softmax(x)) for x = (0, 200): what is its first entry?"),
        {"-200": "-200", "-inf": "-inf", "0": "0"},
        "-inf",
        "import torch\n\nx = torch.tensor([0.0, 200.0])\nprint('log(softmax(x))', x.softmax(0).log())\n"
        "print('log_softmax(x) ', x.log_softmax(0))\n",
        N_("softmax rounds e⁻²⁰⁰ to 0, whose logarithm is -inf. log_softmax never forms that number."),
    ),
)
