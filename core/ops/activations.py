"""``exp``, ``log``, ``sqrt`` and the smooth activations: each a formula and its derivative, nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy.special import erf, expit

from core.errors import N_
from core.ops.explanation import Call
from core.ops.operator import Argument, Operator, Surprise, of_x, same
from core.ops.pointwise import Formula, Options, operation, unary
from core.ops.whole import Array

ROOT = math.sqrt(2 / math.pi)  # of gelu's tanh form
CUBE = 0.044715


def _normal(x: Array) -> Array:
    """Return Φ(x), the share of a normal distribution below x."""
    return np.asarray((1 + erf(x / math.sqrt(2))) / 2)


def _gelu(o: Options, x: Array) -> Array:
    if o.get("approximate") == "tanh":
        return np.asarray(x / 2 * (1 + np.tanh(ROOT * (x + CUBE * x**3))))
    return np.asarray(x * _normal(x))


def _gelu_slope(o: Options, x: Array) -> Array:
    if o.get("approximate") == "tanh":
        t = np.tanh(ROOT * (x + CUBE * x**3))
        return np.asarray((1 + t) / 2 + x / 2 * (1 - t * t) * ROOT * (1 + 3 * CUBE * x * x))
    return np.asarray(_normal(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi))


def _softplus(call: Call) -> Formula:
    """Return the formula with its straight part above the threshold; torch compares in float32, or in float64."""
    kind: Any = np.float64 if call.tensors["input"].dtype == torch.float64 else np.float32

    def is_straight(o: Options, x: Array) -> Any:
        return x.astype(kind) * kind(o.get("beta", 1)) > kind(o.get("threshold", 20))

    def value(o: Options, x: Array) -> Array:
        beta = float(o.get("beta", 1))
        return np.where(is_straight(o, x), x, np.logaddexp(0, x * beta) / beta)

    def slope(o: Options, x: Array) -> Array:
        return np.where(is_straight(o, x), 1.0, expit(x * float(o.get("beta", 1))))

    return unary(r"\frac{1}{\beta} \ln(1 + e^{\beta x})", r"\sigma(\beta x)", value, slope)


def _elu(o: Options, x: Array) -> Array:
    return np.where(x > 0, x, float(o.get("alpha", 1)) * np.expm1(np.minimum(x, 0)))


def _elu_slope(o: Options, x: Array) -> Array:
    return np.where(x > 0, 1.0, float(o.get("alpha", 1)) * np.exp(np.minimum(x, 0)))


def _hardswish(_: Options, x: Array) -> Array:
    return np.where(x <= -3, 0.0, np.where(x >= 3, x, x * (x + 3) / 6))


def _hardswish_slope(_: Options, x: Array) -> Array:
    return np.where(x <= -3, 0.0, np.where(x >= 3, 1.0, x / 3 + 0.5))


def _least(_: Options, x: Array) -> Array:
    return np.abs(x) + 1


FORMULAS: dict[str, tuple[Formula | Callable[[Call], Formula], str, str]] = {  # the formula, what it does, its node
    "exp": (
        unary("e^x", "e^x", lambda _, x: np.exp(x), lambda _, x: np.exp(x)),
        N_("e to the power of each number."),
        N_("e^x is its own derivative: sends g times the output."),
    ),
    "log": (
        unary(r"\ln x", "1/x", lambda _, x: np.log(x), lambda _, x: 1 / x),
        N_("The natural logarithm of each number."),
        N_("A logarithm: sends g / x."),
    ),
    "sqrt": (
        unary(r"\sqrt{x}", r"1 / 2\sqrt{x}", lambda _, x: np.sqrt(x), lambda _, x: 1 / (2 * np.sqrt(x))),
        N_("The square root of each number."),
        N_("A square root: sends g divided by twice the output."),
    ),
    "sigmoid": (
        unary(
            r"\frac{1}{1 + e^{-x}}",
            r"y\,(1 - y)",
            lambda _, x: expit(x),
            lambda _, x: expit(x) * expit(-x),
            slope_scale=lambda _, x: expit(x),
        ),
        N_("Squeezes each number into 0 to 1."),
        N_("Sends g·y·(1 − y), at most a quarter of g: deep in the network little is left."),
    ),
    "tanh": (
        unary(
            r"\tanh x",
            "1 - y^2",
            lambda _, x: np.tanh(x),
            lambda _, x: 1 - np.tanh(x) ** 2,
            slope_scale=lambda _, x: np.ones_like(x),
        ),
        N_("Squeezes each number into −1 to 1."),
        N_("Sends g·(1 − y²)."),
    ),
    "gelu": (
        unary(
            r"x\,\Phi(x)",
            r"\Phi(x) + x\,\varphi(x)",
            _gelu,
            _gelu_slope,
            scale=lambda _, x: np.abs(x),
            slope_scale=_least,
        ),
        N_("Each number times the probability that a normal number is below it: a smooth ReLU."),
        N_("GELU: sends g·(Φ(x) + x·φ(x))."),
    ),
    "silu": (
        unary(
            r"x\,\sigma(x)",
            r"\sigma(x)\,(1 + x\,(1 - \sigma(x)))",
            lambda _, x: x * expit(x),
            lambda _, x: expit(x) * (1 + x * expit(-x)),
            slope_scale=_least,
        ),
        N_("Each number times its own sigmoid: a smooth ReLU, also called swish."),
        N_("SiLU: sends g·σ(x)·(1 + x·(1 − σ(x)))."),
    ),
    "elu": (
        unary(
            r"x\,[\,x > 0\,] + \alpha\,(e^x - 1)\,[\,x \le 0\,]",
            r"[\,x > 0\,] + \alpha\,e^x\,[\,x \le 0\,]",
            _elu,
            _elu_slope,
            slope_scale=lambda o, x: np.full_like(x, 1 + abs(float(o.get("alpha", 1)))),
        ),
        N_("Keeps what is above 0; below, it bends towards −α."),
        N_("Lets g through above 0; below, sends g·α·eˣ."),
    ),
    "softplus": (
        _softplus,
        N_("A ReLU with a round corner: always above 0."),
        N_("Softplus: sends g·σ(βx)."),
    ),
    "hardswish": (
        unary(
            r"x \cdot \min(\max(x + 3,\, 0),\, 6) / 6",
            r"[\,x \ge 3\,] + (x/3 + 1/2)\,[\,-3 < x < 3\,]",
            _hardswish,
            _hardswish_slope,
            scale=lambda _, x: np.abs(x),
            slope_scale=_least,
        ),
        N_("SiLU made of straight pieces, cheap to compute."),
        N_("Hardswish: lets g through above 3, blocks it below −3, and bends between."),
    ),
}
SHAPE = Argument("shape", "shape", "3, 4", examples=("5", "2, 2, 3"))
DEEP = """import torch

for name in ("sigmoid", "tanh", "relu"):
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(10):
        y = getattr(torch, name)(y)
    y.backward()
    print(f"{name}: dy/dx = {x.grad:.1e}")
"""
LARGE = """import torch

x = torch.tensor([0.0, 2.0, 5.0, 10.0], requires_grad=True)
torch.tanh(x).sum().backward()
print(torch.tanh(x.detach()))
print(x.grad)
"""
LOG = """import torch

x = torch.tensor([1.0, 0.0, -1.0], requires_grad=True)
y = torch.log(x)
y.sum().backward()
print(y.detach())
print(x.grad)
"""
SQRT = """import torch

w = torch.zeros(3, requires_grad=True)
torch.sqrt((w * w).sum()).backward()
print("sqrt", w.grad)
w.grad = None
w.norm().backward()
print("norm", w.grad)
"""
SURPRISES = {
    "log": Surprise(
        N_("What does torch.log give for −1?"),
        {"error": N_("an error"), "0": "0", "nan": "nan"},
        "nan",
        LOG,
        N_(
            "nan, without an error, and so is each sum with it, such as the loss. The gradient is g / x all the"
            " same, infinite at 0. Of probabilities, take log_softmax of the logits."
        ),
    ),
    "sqrt": Surprise(
        N_("A loss takes the length of a weight of zeros as torch.sqrt((w * w).sum()). What is the gradient of w?"),
        {"0": "0", "1": "1", "nan": "nan"},
        "nan",
        SQRT,
        N_(
            "The slope of the root at 0 is infinite, and infinity times 0 is nan. w.norm() takes 0 there; in a"
            " formula of your own, add a small number under the root."
        ),
    ),
    "sigmoid": Surprise(
        N_("A number passes through ten sigmoids, one after the other. How much of the gradient comes back?"),
        {"all": N_("all of it"), "tenth": N_("about a tenth"), "millionth": N_("less than a millionth")},
        "millionth",
        DEEP,
        N_("Each sigmoid sends back at most a quarter of what arrives. ReLU sends all of it where x is above 0."),
    ),
    "tanh": Surprise(
        N_("What is the gradient of tanh at x = 10?"),
        {"1": "1", "10": "10", "0": N_("almost 0")},
        "0",
        LARGE,
        N_("The curve is flat there: a unit with large inputs hardly learns. Keep inputs and weights small."),
    ),
}


OPTIONS = {  # what each takes besides x, with PyTorch's default
    "gelu": (Argument("approximate", "word", "none", options=("none", "tanh")),),
    "elu": (Argument("alpha", "float", 1.0, 0.1, 3.0),),
    "softplus": (Argument("beta", "float", 1.0, 0.1, 3.0), Argument("threshold", "float", 20.0, 0.0, 40.0)),
}
ARITHMETIC = ("exp", "log", "sqrt")


def _operator(name: str, description: str) -> Operator:
    """Return the entry on the Operators page."""
    functional = name not in (*ARITHMETIC, "sigmoid", "tanh")
    options = OPTIONS.get(name, ())
    call = f"{'F' if functional else 'torch'}.{name}"
    defaults = "".join(f", {each.name}={each.default!r}" for each in options)
    return of_x(
        f"torch.nn.functional.{name}" if functional else f"torch.{name}",
        "arithmetic" if name in ARITHMETIC else "activations",
        f"{call}(input{defaults})",
        description,
        (SHAPE, *options),
        lambda values: f"{call}(x{''.join(f', {each.name}={values[each.name]!r}' for each in options)})",
        same,
        [each.name for each in options],
        SURPRISES.get(name),
    )


OPERATIONS = tuple(
    operation(
        name,
        formula=formula,
        meaning=meaning,
        nodes={f"{name.capitalize()}Backward": node},
        operators=(_operator(name, meaning),),
    )
    for name, (formula, meaning, node) in FORMULAS.items()
)
