"""What an optimizer does to one weight, line by line, beside what torch did to it.

The equations are those of ``torch.optim``, in float64 from the float32 numbers that went in; torch rounds
after each line, so the result is compared after one rounding to the weight's own precision.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.ops.latex import number

MOMENTUM, BETA1, BETA2, ALPHA, EPS = 0.9, 0.9, 0.999, 0.99, 1e-8
ROUNDINGS = 16  # of one step, at most: each operation of the lines rounds once


@dataclass(frozen=True)
class Line:
    """One line of the arithmetic: its symbol, its formula and the formula with numbers, in LaTeX, and its value."""

    symbol: str
    formula: str
    numbers: str
    value: float


@dataclass(frozen=True)
class Update:
    """One weight's step. ``after`` is the arithmetic by hand rounded to the weight's precision.

    ``scale`` is what the rounding errors of the lines are relative to.
    """

    lines: tuple[Line, ...]
    before: float
    after: float
    torch_after: float
    scale: float

    @property
    def exact(self) -> bool:
        """Return whether hand and torch give the same number to the last bit, or both nan."""
        return self.after == self.torch_after or (math.isnan(self.after) and math.isnan(self.torch_after))


def make(kind: str, parameters: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    """Return the optimizer that ``kind`` names; "hand" is a plain SGD, which is what the loop by hand does."""
    optimizers: dict[str, Callable[[], torch.optim.Optimizer]] = {
        "hand": lambda: torch.optim.SGD(parameters, lr=lr),
        "sgd": lambda: torch.optim.SGD(parameters, lr=lr),
        "momentum": lambda: torch.optim.SGD(parameters, lr=lr, momentum=MOMENTUM),
        "nesterov": lambda: torch.optim.SGD(parameters, lr=lr, momentum=MOMENTUM, nesterov=True),
        "adam": lambda: torch.optim.Adam(parameters, lr=lr),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, lr=lr),
    }
    return optimizers[kind]()


CODE = {
    "sgd": "optimizer = torch.optim.SGD(net.parameters(), lr={lr})",
    "momentum": "optimizer = torch.optim.SGD(net.parameters(), lr={lr}, momentum=0.9)",
    "nesterov": "optimizer = torch.optim.SGD(net.parameters(), lr={lr}, momentum=0.9, nesterov=True)",
    "adam": "optimizer = torch.optim.Adam(net.parameters(), lr={lr})",
    "rmsprop": "optimizer = torch.optim.RMSprop(net.parameters(), lr={lr})",
}


def step(kind: str, optimizer: torch.optim.Optimizer) -> None:
    """Take one step; "hand" is the tutorial's loop, w ← w − grad · lr for every parameter."""
    if kind != "hand":
        optimizer.step()
        return
    with torch.no_grad():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.sub_(parameter.grad * group["lr"])


def state_of(optimizer: torch.optim.Optimizer, parameter: nn.Parameter) -> dict[str, Tensor]:
    """Return a copy of the optimizer's state of ``parameter``: its momentum, moments and step count."""
    return {
        name: value.detach().clone()
        for name, value in optimizer.state.get(parameter, {}).items()
        if isinstance(value, Tensor)
    }


def update(
    kind: str,
    lr: float,
    before: Tensor,
    grad: Tensor,
    state: dict[str, Tensor],
    after: Tensor,
    index: tuple[int, ...],
) -> Update:
    """Open one weight's step: ``state`` is the optimizer's before it, ``after`` torch's result."""
    entries = {name: (value[index].item() if value.dim() else value.item()) for name, value in state.items()}
    values = RuleInput(before[index].item(), grad[index].item(), lr, entries, before.dtype)
    lines = RULES[kind](values)
    moved = abs(values.w - lines[-1].value)
    scale = abs(values.w) + moved * _cancelled(values, lines)
    return Update(tuple(lines), values.w, values.rounded(lines[-1].value), after[index].item(), scale)


def _cancelled(values: RuleInput, lines: list[Line]) -> float:
    """Return how many times the summands of a momentum or moment are as large as their sum: 1 or more."""
    old = values.state.get("momentum_buffer", values.state.get("exp_avg", 0.0))
    sums = [abs(line.value) for line in lines[:2] if line.symbol in ("v", "m", "d")]
    return max([1.0, *((abs(old) + 2 * abs(values.g)) / value for value in sums if value)])


@dataclass(frozen=True)
class RuleInput:
    """What a rule starts from: weight, gradient, learning rate, and the optimizer's state of this weight."""

    w: float
    g: float
    lr: float
    state: dict[str, float]
    dtype: torch.dtype

    def rounded(self, x: float) -> float:
        """Return ``x`` in the weight's precision."""
        return float(torch.tensor(x, dtype=torch.float64).to(self.dtype).item())

    @property
    def rate(self) -> float:
        """The learning rate as torch hands it to the kernel: in the weight's precision."""
        return self.rounded(self.lr)


def _new_weight(w: float, amount: float, formula: str) -> Line:
    return Line("w'", formula, rf"{number(w)} - ({number(amount)})", w - amount)


def _hand(values: RuleInput) -> list[Line]:
    product = values.rounded(values.rate * values.g)  # grad * lr is a tensor of its own, so it is rounded first
    amount = Line(r"g\cdot lr", r"g\cdot lr", rf"{number(values.g)}\cdot {number(values.lr)}", product)
    return [amount, _new_weight(values.w, product, r"w - g\cdot lr")]


def _sgd(values: RuleInput) -> list[Line]:
    numbers = rf"{number(values.lr)}\cdot {number(values.g)}"
    amount = Line(r"lr\cdot g", r"lr\cdot g", numbers, values.rate * values.g)
    return [amount, _new_weight(values.w, amount.value, r"w - lr\cdot g")]


def _velocity(values: RuleInput) -> Line:
    g, state = values.g, values.state
    if "momentum_buffer" not in state:
        return Line("v", "g", number(g), g)
    v = state["momentum_buffer"]
    numbers = rf"{MOMENTUM}\cdot {number(v)} + {number(g)}"
    return Line("v", r"\mu\, v_{t-1} + g", numbers, values.rounded(MOMENTUM * v + g))


def _momentum(values: RuleInput) -> list[Line]:
    w, lr = values.w, values.lr
    v = _velocity(values)
    amount = Line(r"lr\cdot v", r"lr\cdot v", rf"{number(lr)}\cdot {number(v.value)}", values.rate * v.value)
    return [v, amount, _new_weight(w, amount.value, r"w - lr\cdot v")]


def _nesterov(values: RuleInput) -> list[Line]:
    w, g, lr = values.w, values.g, values.lr
    v = _velocity(values)
    ahead = Line("d", r"g + \mu\, v", rf"{number(g)} + {MOMENTUM}\cdot {number(v.value)}", g + MOMENTUM * v.value)
    amount = Line(
        r"lr\cdot d", r"lr\cdot d", rf"{number(lr)}\cdot {number(ahead.value)}", values.rate * ahead.value
    )
    return [v, ahead, amount, _new_weight(w, amount.value, r"w - lr\cdot d")]


def _moment(values: RuleInput, symbol: str, name: str, beta: float, squared: bool) -> Line:
    """Return a moment as the optimizer keeps it: rounded, and infinite where g² is more than the dtype holds."""
    old, new = values.state.get(name, 0.0), values.g * values.g if squared else values.g
    power = "^2" if squared else ""
    formula = rf"\beta\,{symbol}_{{t-1}} + (1-\beta)\,g{power}"
    numbers = rf"{beta:g}\cdot {number(old)} + {1 - beta:.3g}\cdot {number(new)}"
    value = beta * old + (1 - beta) * new if squared else old + (1 - beta) * (new - old)
    return Line(symbol, formula, numbers, values.rounded(value))


def _adam(values: RuleInput) -> list[Line]:
    w, lr, state = values.w, values.lr, values.state
    t = state.get("step", 0.0) + 1
    m = _moment(values, "m", "exp_avg", BETA1, False)
    v = _moment(values, "v", "exp_avg_sq", BETA2, True)
    low, high = 1 - BETA1**t, 1 - BETA2**t
    m_hat = Line(r"\hat m", rf"m / (1-\beta_1^{{{t:.0f}}})", rf"{number(m.value)} / {number(low)}", m.value / low)
    v_hat = Line(r"\hat v", rf"v / (1-\beta_2^{{{t:.0f}}})", rf"{number(v.value)} / {number(high)}", v.value / high)
    formula = r"lr\cdot\frac{\hat m}{\sqrt{\hat v} + \epsilon}"
    numbers = rf"{number(lr)}\cdot\frac{{{number(m_hat.value)}}}{{\sqrt{{{number(v_hat.value)}}} + {number(EPS)}}}"
    amount = Line("d", formula, numbers, lr * m_hat.value / (math.sqrt(v_hat.value) + EPS))
    return [m, v, m_hat, v_hat, amount, _new_weight(w, amount.value, "w - d")]


def _rmsprop(values: RuleInput) -> list[Line]:
    w, g, lr = values.w, values.g, values.lr
    s = _moment(values, "s", "square_avg", ALPHA, True)
    numbers = rf"{number(lr)}\cdot\frac{{{number(g)}}}{{\sqrt{{{number(s.value)}}} + {number(EPS)}}}"
    amount = Line("d", r"lr\cdot\frac{g}{\sqrt{s} + \epsilon}", numbers, lr * g / (math.sqrt(s.value) + EPS))
    return [s, amount, _new_weight(w, amount.value, "w - d")]


RULES: dict[str, Callable[[RuleInput], list[Line]]] = {
    "hand": _hand,
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adam": _adam,
    "rmsprop": _rmsprop,
}
