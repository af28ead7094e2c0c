"""``flatten``: several dimensions as one, the numbers in the same order."""

from __future__ import annotations

import math

from core.errors import N_, InvalidSetting
from core.ops.index_rule import operation
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, dimension, shape_text
from core.ops.view import after, reshaped_call, rule, start


def _flatten_formula(values: Values) -> Formula:
    shape = values["shape"]
    start, end = (dimension(values, name, len(shape)) for name in ("start_dim", "end_dim"))
    if start > end:
        raise InvalidSetting(N_("start_dim {start} comes after end_dim {end}"), start=start, end=end)
    output = (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])
    product = r" \cdot ".join(map(str, shape[start : end + 1]))
    return Formula(
        (
            r"(d_0, \dots) \to \Big(\dots, d_{s-1}, \prod_{i=s}^{e} d_i, d_{e+1}, \dots\Big)",
            r"s = \mathtt{start\_dim},\; e = \mathtt{end\_dim}",
            rf"{product} = {output[start]},\qquad {shape_text(shape)} \to {shape_text(output)}",
        ),
        output,
    )


FLATTEN = Operator(
    "flatten",
    "torch.flatten",
    "shapes",
    "torch.flatten(input, start_dim=0, end_dim=-1)",
    N_("Joins neighbouring dimensions into one, in row-major order."),
    "torch.flatten",
    (
        Argument("shape", "shape", "2, 2, 3", examples=("2, 3", "6", "2, 1, 2, 2")),
        Argument("start_dim", "int", 1, -4, 4),
        Argument("end_dim", "int", -1, -4, 4),
    ),
    lambda values: [
        *start(values),
        *after(f"torch.flatten(t, start_dim={values['start_dim']}, end_dim={values['end_dim']})"),
    ],
    _flatten_formula,
    lambda names, _: reshaped_call("flatten", names),
    Surprise(
        N_("A batch x of shape (64, 1, 28, 28): what is torch.flatten(x).shape?"),
        {"(64, 784)": "(64, 784)", "(50176,)": "(50176,)"},
        "(50176,)",
        "import torch\nfrom torch import nn\n\nx = torch.zeros(64, 1, 28, 28)\nprint(torch.flatten(x).shape)\n"
        "print(torch.flatten(x, 1).shape, nn.Flatten()(x).shape)\n",
        N_("torch.flatten starts at dimension 0 and joins the batch too; nn.Flatten starts at 1."),
    ),
)

OPERATIONS = (
    operation(
        "flatten",
        rule=rule,
        operators=(FLATTEN,),
        meaning=N_("The same numbers with several dimensions made into one."),
    ),
)
