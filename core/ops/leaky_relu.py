"""``leaky_relu``: y = x where x is above 0, slope · x elsewhere; the gradient is scaled in the same way."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.operator import Argument, Operator, Surprise, random
from core.ops.relu import SHAPE, keeps_shape
from core.ops.terms import product, total
from core.ops.whole import Array, Hand, array, exact_hand

SLOPE = r"s = [\,x > 0\,] + \text{negative\_slope}\cdot[\,x \le 0\,]"
VALUE = rf"y = s\cdot x,\qquad {SLOPE}"
GRADIENT = rf"\frac{{\partial L}}{{\partial x}} = s\cdot g,\qquad {SLOPE}"


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the input cell in the same place, times its slope."""
    term = product(("x", call.tensors["input"], "input", index))
    return total("output", index, VALUE, [_sloped(call, term, index)], call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g times the slope at x. At x = 0 torch takes the leak."""
    term = product(("g", grad_output, "grad_output", index))
    return total(which, index, GRADIENT, [_sloped(call, term, index)], grad)


def _sloped(call: Call, term: Term, index: tuple[int, ...]) -> Term:
    positive = call.tensors["input"][index].item() > 0
    slope = 1.0 if positive else float(call.options.get("negative_slope", 0.01))
    return Term((Factor("s", slope, "input", index), *term.factors), slope * term.value)


def whole(call: Call) -> Hand:
    """x, times the slope where x is not above 0"""
    x = array(call.tensors["input"])
    return exact_hand(np.where(x > 0, x, x * _slope(call)))


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g, times the slope where x is not above 0"""
    return exact_hand(np.where(array(call.tensors["input"]) > 0, g, g * _slope(call)))


def _slope(call: Call) -> float:
    return float(call.options.get("negative_slope", 0.01))


OPERATOR = Operator(
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
    keeps_shape,
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


OPERATIONS = (
    Definition(
        ("leaky_relu",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("Keeps what is above 0 and multiplies the rest by a small slope."),
        {"LeakyReluBackward": N_("Lets the gradient through above 0; below 0 it is multiplied by the slope.")},
        operators=(OPERATOR,),
    ),
)
