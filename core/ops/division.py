"""``div`` and ``pow``, with broadcasting."""

from __future__ import annotations

import numpy as np

from core.errors import N_
from core.ops.entries import SHAPE
from core.ops.operator import Argument, Surprise, of_two, of_x, same
from core.ops.pointwise import Formula, Operand, Options, operation
from core.ops.whole import Array


def _is_true_division(options: Options) -> bool:
    return options.get("rounding_mode") is None


def _power_slope(_: Options, x: Array, n: Array) -> Array:
    return np.where(n == 0, 0.0, n * np.power(x, n - 1))


def _exponent_slope(_: Options, x: Array, n: Array) -> Array:
    """Return xⁿ ln x; torch sends 0 where x is 0 and n is not below 0."""
    return np.where((x == 0) & (n >= 0), 0.0, np.power(x, n) * np.log(x))


def _quotient(above: str, below: str) -> Formula:
    """Return the formula of above / below; the arguments stand in torch's order."""
    swap = above != "input"

    def sorted_(x: Array, z: Array) -> tuple[Array, Array]:
        return (z, x) if swap else (x, z)

    def f(_: Options, x: Array, z: Array) -> Array:
        a, b = sorted_(x, z)
        return a / b

    def of_above(_: Options, x: Array, z: Array) -> Array:
        return 1 / sorted_(x, z)[1]

    def of_below(_: Options, x: Array, z: Array) -> Array:
        a, b = sorted_(x, z)
        return -a / b / b

    symbols = {"input": "x", "other": "z"}
    a, b = symbols[above], symbols[below]
    operands = {
        above: Operand(above, a, f"1/{b}", of_above),
        below: Operand(below, b, f"-{a}/{b}^2", of_below),
    }
    return Formula(f"{a} / {b}", f, (operands["input"], operands["other"]), applies=_is_true_division)


def _power(base: str) -> Formula:
    """Return the formula of a power: of "input" to the exponent, or of "exponent" to the input."""
    if base == "input":
        operands = (
            Operand("input", "x", r"n\,x^{n-1}", _power_slope),
            Operand("exponent", "n", r"x^n \ln x", _exponent_slope),
        )
        return Formula("x^n", lambda _, x, n: np.power(x, n), operands)
    return Formula(
        "n^x",
        lambda _, x, n: np.power(n, x),
        (
            Operand("input", "x", r"n^x \ln n", lambda o, x, n: _exponent_slope(o, n, x)),
            Operand("exponent", "n", r"x\,n^{x-1}", lambda o, x, n: _power_slope(o, n, x)),
        ),
    )


DIVIDES = N_("Divides cell by cell; dimensions of size 1 are repeated.")
RAISES = N_("Raises each number to a power.")
DIV = of_two(
    "torch.div",
    DIVIDES,
    Surprise(
        N_("What is torch.tensor(-7) // 2?"),
        {"-3": "-3", "-4": "-4", "-3.5": "-3.5"},
        "-4",
        "import torch\n\na = torch.tensor(-7)\nprint('//   ', a // 2)\n"
        "print('trunc', torch.div(a, 2, rounding_mode='trunc'))\nprint('/    ', a / 2)\n",
        N_("// rounds down, as in Python; rounding_mode='trunc' rounds towards 0; / divides whole numbers too."),
    ),
    keywords="divide / quotient 除",
)
POW = of_x(
    "torch.pow",
    "arithmetic",
    "torch.pow(input, exponent)",
    RAISES,
    (SHAPE, Argument("exponent", "float", 2.0, -2.0, 3.0)),
    lambda values: f"torch.pow(x, {values['exponent']})",
    same,
    ("exponent",),
    Surprise(
        N_("What is torch.tensor(-8.0) ** (1 / 3)?"),
        {"-2": "-2", "2": "2", "nan": "nan"},
        "nan",
        "import torch\n\nx = torch.tensor(-8.0)\nprint('x ** (1 / 3)', x ** (1 / 3))\n"
        "print('sign · |x|^(1/3)', x.sign() * x.abs() ** (1 / 3))\nprint('in Python', (-8.0) ** (1 / 3))\n",
        N_("A negative number has no real power with a fraction: torch gives nan, and so do all sums with it."),
    ),
    keywords="power ** square 幂 乘方",
)
OPERATIONS = (
    operation(
        "div",
        "true_divide",
        "itruediv",
        "idiv",
        formula=_quotient("input", "other"),
        operators=(DIV,),
        meaning=DIVIDES,
        nodes={"DivBackward": N_("A quotient a / b: a gets g / b, and b gets −g·a / b².")},
    ),
    operation(
        "rdiv",
        "rtruediv",
        formula=_quotient("other", "input"),
        meaning=DIVIDES,
        nodes={"ReciprocalBackward": N_("One divided by x: sends −g / x².")},
    ),
    operation(
        "pow",
        formula=_power("input"),
        operators=(POW,),
        meaning=RAISES,
        nodes={"PowBackward": N_("A power xⁿ: x gets g·n·xⁿ⁻¹.")},
    ),
    operation("rpow", formula=_power("exponent"), meaning=RAISES),
)
