"""``relu``: y = max(0, x); its gradient passes where x was above 0 and nowhere else."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, check_inplace, random, same
from core.ops.terms import passed, product, total
from core.ops.whole import Array, Hand, array, exact_hand

VALUE = r"y = \max(0,\; x)"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot[\,x > 0\,]"


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the greater of 0 and the input cell in the same place."""
    x = call.tensors["input"]
    term = product(("x", x, "input", index))
    zero = Term((Factor("0", 0.0),), 0.0)
    result = 0.0 if term.value <= 0 else term.value  # written so that a NaN stays one, as in torch
    return Explanation("output", index, VALUE, (zero, term), result, call.output[index].item(), "max")


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g, or 0 where x ≤ 0. At x = 0 torch chooses 0; nan passes."""
    x = call.tensors["input"][index].item()
    g = product(("g", grad_output, "grad_output", index))
    return total(which, index, GRADIENT, [passed(g, "[x > 0]", not x <= 0, "input", index)], grad)


def whole(call: Call) -> Hand:
    """max(0, x)"""
    return exact_hand(np.maximum(array(call.tensors["input"]), 0.0))


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g, or 0 where x ≤ 0"""
    return exact_hand(np.where(array(call.tensors["input"]) <= 0, 0.0, g))


SHAPE = Argument("shape", "shape", "3, 4", examples=("5", "2, 2, 3"))


def keeps_shape(values: Values) -> Formula:
    """Return the shape rule of an activation that can overwrite its input."""
    check_inplace(values["inplace"])
    return same(values)


OPERATOR = Operator(
    "ReLU",
    "torch.nn.ReLU",
    "activations",
    "nn.ReLU(inplace=False)",
    N_("Negative numbers become 0, the others stay."),
    "torch.nn.ReLU",
    (SHAPE, Argument("inplace", "bool", False)),
    lambda values: [random("x", values["shape"]), f"y = nn.ReLU(inplace={values['inplace']})(x)"],
    keeps_shape,
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


OPERATIONS = (
    Definition(
        ("relu",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_(
            "Keeps what is above 0 and sets the rest to 0. Without it, two linear layers in a row would be one "
            "linear layer."
        ),
        {"ReluBackward": N_("Lets the gradient through where the output was above 0, and blocks it elsewhere.")},
        operators=(OPERATOR,),
    ),
)
