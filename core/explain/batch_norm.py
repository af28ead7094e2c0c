"""``batch_norm``: y = (x − μ) / √(σ² + ε) · γ + β; μ and σ² are the batch's in training, stored ones in eval."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

from torch import Tensor

from core.ops.latex import number
from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import product, quotient, root, summed, total

VALUE = r"y = \gamma_c\,\frac{x - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}} + \beta_c"
GRADIENT = (
    r"\frac{\partial L}{\partial x} = \frac{\gamma_c}{\sqrt{\sigma_c^2 + \epsilon}}"
    r"\Big(g - \frac{1}{n}\sum g - \hat x\,\frac{1}{n}\sum g\,\hat x\Big)"
)
EVAL_GRADIENT = r"\frac{\partial L}{\partial x} = \frac{\gamma_c}{\sqrt{\sigma_c^2 + \epsilon}}\;g"
WEIGHT = (
    r"\frac{\partial L}{\partial \gamma_c} = \sum_{n,i,j} g\,\hat x,"
    r"\qquad \hat x = \frac{x - \mu_c}{\sqrt{\sigma_c^2 + \epsilon}}"
)
BIAS = r"\frac{\partial L}{\partial \beta_c} = \sum_{n,i,j} g"


@dataclass(frozen=True)
class Channel:
    """What normalises one channel: its cells, mean, variance and 1/√(σ² + ε), γ and β, all in float64.

    ``largest`` is the largest magnitude among its finite numbers.
    """

    cells: list[tuple[int, ...]]
    mean: float
    variance: float
    scale: float
    gamma: float
    beta: float
    largest: float


def channel(call: Call, c: int) -> Channel:
    """Measure channel ``c`` of the input (N, C, ...); the variance here divides by n, without Bessel's −1."""
    x = call.tensors["input"]
    ranges = [range(size) for size in x.shape]
    ranges[1] = range(c, c + 1)
    cells = list(itertools.product(*ranges))
    numbers = [x[cell].item() for cell in cells]
    largest = max((abs(number) for number in numbers if math.isfinite(number)), default=0.0)
    if call.options.get("training", True):
        mean = summed(numbers) / len(numbers)
        variance = summed((value - mean) * (value - mean) for value in numbers) / len(numbers)
    else:
        mean, variance = call.tensors["running_mean"][c].item(), call.tensors["running_var"][c].item()
    gamma, beta = (call.tensors[name][c].item() if name in call.tensors else None for name in ("weight", "bias"))
    scale = quotient(1, root(variance + float(call.options.get("eps", 1e-5))))
    gamma, beta = 1.0 if gamma is None else gamma, 0.0 if beta is None else beta
    return Channel(cells, mean, variance, scale, gamma, beta, largest)


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the cells that its mean and variance come from, then the three steps."""
    x, of = call.tensors["input"], channel(call, index[1])
    cells = of.cells if call.options.get("training", True) else [index]
    terms = tuple(product(("x", x, "input", cell)) for cell in cells)
    own = x[index].item()
    result = of.gamma * (own - of.mean) * of.scale + of.beta
    slope = of.gamma * of.scale
    if not math.isfinite(slope):  # torch multiplies out: x·γ/√(σ² + ε) + (β − μ·γ/√(σ² + ε))
        result = own * slope + (of.beta - of.mean * slope)
    peak = max(of.largest * of.largest, abs(slope))
    scale = abs(of.gamma) * of.scale * (abs(own) + abs(of.mean)) + abs(of.beta)
    steps = (
        rf"\mu_c = {number(of.mean)},\qquad \sigma_c^2 = {number(of.variance)}",
        rf"\hat x = \frac{{{number(own)} - ({number(of.mean)})}}{{\sqrt{{{number(of.variance)} + \epsilon}}}}"
        rf" = {number((own - of.mean) * of.scale)}",
        rf"y = {number(of.gamma)}\cdot({number((own - of.mean) * of.scale)}) + {number(of.beta)}"
        rf" = {number(result)}",
    )
    return Explanation(
        "output", index, VALUE, terms, result, call.output[index].item(), "steps", steps, scale, peak
    )


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the gradient of "input", "weight" (γ) or "bias" (β)."""
    x = call.tensors["input"]
    of = channel(call, index[1] if which == "input" else index[0])
    if which == "bias":
        terms = [product(("g", grad_output, "grad_output", cell)) for cell in of.cells]
        return total(which, index, BIAS, terms, grad)
    normed = {cell: Factor("x̂", (x[cell].item() - of.mean) * of.scale, "input", cell) for cell in of.cells}
    if which == "weight":
        terms = [_times(product(("g", grad_output, "grad_output", cell)), normed[cell]) for cell in of.cells]
        return _spread(total(which, index, WEIGHT, terms, grad), of)
    share = Factor("γ/√(σ²+ε)", of.gamma * of.scale)
    own = _times(product(("g", grad_output, "grad_output", index)), share)
    if not call.options.get("training", True):
        return total(which, index, EVAL_GRADIENT, [own], grad)
    terms = [own]
    for cell in of.cells:
        g = product(("g", grad_output, "grad_output", cell))
        terms.append(_times(g, Factor("−γ/(n√(σ²+ε))", -share.value / len(of.cells))))
        both = _times(_times(g, normed[cell]), normed[index])
        terms.append(_times(both, Factor("−γ/(n√(σ²+ε))", -share.value / len(of.cells))))
    opened = _spread(total(which, index, GRADIENT, terms, grad), of)
    arrived = sum(abs(grad_output[cell].item()) for cell in of.cells)
    opened = replace(opened, peak=max(opened.peak, arrived * of.scale * (1 + of.largest * of.scale)))
    return opened if math.isfinite(share.value) else replace(opened, result=_factored(call, grad_output, index, of))


def _factored(call: Call, grad_output: Tensor, index: tuple[int, ...], of: Channel) -> float:
    """Return the input's gradient as torch computes it, γ/√(σ² + ε) times the rest, where that is infinite."""
    x, n = call.tensors["input"], len(of.cells)
    g = [grad_output[cell].item() for cell in of.cells]
    normed = [(x[cell].item() - of.mean) * of.scale for cell in of.cells]
    own = (x[index].item() - of.mean) * of.scale * summed(a * b for a, b in zip(g, normed, strict=True)) / n
    return (grad_output[index].item() - summed(g) / n - own) * of.gamma * of.scale


def _spread(opened: Explanation, of: Channel) -> Explanation:
    """Return ``opened`` with a scale for x̂: the mean's own rounding counts (|x| + |μ|)/√(σ² + ε) times."""
    widest = of.largest + abs(of.mean)
    return replace(opened, scale=opened.magnitude * (1 + widest * of.scale), peak=widest * widest)


def _times(term: Term, factor: Factor) -> Term:
    return Term((*term.factors, factor), term.value * factor.value)
