"""``unsqueeze`` and ``squeeze``: a dimension of size 1 comes or goes."""

from __future__ import annotations

from core.errors import N_
from core.ops.entries import dimensions
from core.ops.index_rule import operation
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, dimension, shape_text
from core.ops.view import SHAPE, after, reshaped_call, rule, start


def _unsqueeze_formula(values: Values) -> Formula:
    shape = values["shape"]
    dim = dimension(values, "dim", len(shape), extra=1)
    output = (*shape[:dim], 1, *shape[dim:])
    rule = r"(d_0, \dots) \to (\dots, d_{k-1}, 1, d_k, \dots), \quad k = \mathtt{dim}"
    return Formula((rule, rf"{shape_text(shape)} \to {shape_text(output)}"), output)


UNSQUEEZE = Operator(
    "unsqueeze",
    "torch.unsqueeze",
    "shapes",
    "torch.unsqueeze(input, dim)",
    N_("Puts in a dimension of size 1; used to make a batch of one."),
    "torch.unsqueeze",
    (SHAPE, Argument("dim", "int", 0, -5, 5)),
    lambda values: [*start(values), *after(f"torch.unsqueeze(t, {values['dim']})")],
    _unsqueeze_formula,
    lambda names, _: reshaped_call("unsqueeze", names),
    Surprise(
        N_("x has shape (2, 3). Which dim puts the new dimension last?"),
        {"2 or -1": N_("2 or -1"), "1": "1", "-2": "-2"},
        "2 or -1",
        "import torch\n\nx = torch.zeros(2, 3)\nfor dim in (-3, -2, -1, 0, 1, 2):\n"
        "    print(dim, tuple(x.unsqueeze(dim).shape))\n",
        N_("dim counts in the result, which has one dimension more: from -3 to 2."),
    ),
)


def _squeeze_formula(values: Values) -> Formula:
    shape, squeeze_dim = values["shape"], values["dim"]
    dims = dimensions(values, "dim", len(shape))
    output = tuple(size for dim, size in enumerate(shape) if dim not in dims or size != 1)
    condition = r"d_i \ne 1" if squeeze_dim is None else r"d_i \ne 1 \,\lor\, i \notin \mathtt{dim}"
    rule = rf"(d_0, \dots) \to (d_i : {condition})"
    return Formula((rule, rf"{shape_text(shape)} \to {shape_text(output)}"), output)


SQUEEZE = Operator(
    "squeeze",
    "torch.squeeze",
    "shapes",
    "torch.squeeze(input, dim=None)",
    N_("Removes dimensions of size 1: all of them, or those you name."),
    "torch.squeeze",
    (
        Argument("shape", "shape", "1, 2, 1, 3", examples=("1, 3", "2, 3", "1, 1")),
        Argument("dim", "sizes", "None", examples=("0", "1", "-1", "0, 2", "0, 0", "5")),
    ),
    lambda values: [
        *start(values),
        *after("torch.squeeze(t)" if values["dim"] is None else f"torch.squeeze(t, {values['dim']})"),
    ],
    _squeeze_formula,
    lambda names, _: reshaped_call("squeeze", names),
    Surprise(
        N_("x has shape (2, 3). What does x.squeeze(0) do?"),
        {"error": N_("an error: size 2 is not 1"), "nothing": N_("nothing"), "first": N_("it takes the first row")},
        "nothing",
        "import torch\n\nx = torch.zeros(2, 3)\nprint(x.squeeze(0).shape)\nbatch = torch.zeros(1, 10)\n"
        "print('a batch of one, squeezed by mistake:', batch.squeeze().shape)\n",
        N_(
            "A dimension that is not 1 is left alone, without a word. And squeeze() without dim also takes out a"
            " batch"
            " of one: a program that works with batches of 64 breaks with the last, smaller one."
        ),
    ),
)
OPERATIONS = (
    operation(
        "unsqueeze",
        rule=rule,
        operators=(UNSQUEEZE,),
        meaning=N_("The same numbers with one more dimension, of size 1."),
        nodes={"UnsqueezeBackward": N_("A dimension of size 1 was added; the gradient loses it again.")},
    ),
    operation(
        "squeeze",
        rule=rule,
        operators=(SQUEEZE,),
        meaning=N_("The same numbers without the dimensions of size 1."),
        nodes={"SqueezeBackward": N_("A dimension of size 1 was dropped; the gradient gets it back.")},
    ),
)
