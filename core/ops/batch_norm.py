"""``batch_norm``: y = (x − μ) / √(σ² + ε) · γ + β; μ and σ² are the batch's in training, stored ones in eval."""

from __future__ import annotations

import inspect
import itertools
import math
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.latex import number
from core.ops.operator import (
    DEVICE,
    DTYPE,
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    check_factory,
    random,
    same,
)
from core.ops.terms import product, quotient, root, summed, total
from core.ops.whole import Array, Hand, array, largest

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
        return _spread(total(which, index, WEIGHT, terms, grad), of, grad_output)
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
    explanation = _spread(total(which, index, GRADIENT, terms, grad), of, grad_output)
    return (
        explanation
        if math.isfinite(share.value)
        else replace(explanation, result=_factored(call, grad_output, index, of))
    )


def _factored(call: Call, grad_output: Tensor, index: tuple[int, ...], of: Channel) -> float:
    """Return the input's gradient as torch computes it, γ/√(σ² + ε) times the rest, where that is infinite."""
    x, n = call.tensors["input"], len(of.cells)
    g = [grad_output[cell].item() for cell in of.cells]
    normed = [(x[cell].item() - of.mean) * of.scale for cell in of.cells]
    own = (x[index].item() - of.mean) * of.scale * summed(a * b for a, b in zip(g, normed, strict=True)) / n
    return (grad_output[index].item() - summed(g) / n - own) * of.gamma * of.scale


def _spread(explanation: Explanation, of: Channel, grad_output: Tensor) -> Explanation:
    """Return ``explanation`` with a scale for x̂: the mean's own rounding counts (|x| + |μ|)/√(σ² + ε) times.

    The largest number on the way may be (x − μ)², or Σ g (x − μ), which torch adds up before it scales.
    """
    widest = of.largest + abs(of.mean)
    arrived = sum(abs(grad_output[cell].item()) for cell in of.cells)
    peak = max(widest * widest, arrived * widest, arrived * of.scale * (1 + of.largest * of.scale))
    return replace(explanation, scale=explanation.magnitude * (1 + widest * of.scale), peak=peak)


def _times(term: Term, factor: Factor) -> Term:
    return Term((*term.factors, factor), term.value * factor.value)


class _Norm:
    """A batch normalisation with the channels first: (C, all cells of the channel)."""

    def __init__(self, call: Call) -> None:
        x = array(call.tensors["input"])
        self.moved = np.moveaxis(x, 1, 0).shape
        self.x = self.channels_first(x)
        self.training = bool(call.options.get("training", True))
        if self.training:
            self.mean, self.variance = self.x.mean(1, keepdims=True), self.x.var(1, keepdims=True)
        else:
            self.mean = array(call.tensors["running_mean"])[:, None]
            self.variance = array(call.tensors["running_var"])[:, None]
        self.scale = 1 / np.sqrt(self.variance + float(call.options.get("eps", 1e-5)))
        self.gamma, self.beta = (
            array(call.tensors[name])[:, None] if name in call.tensors else np.full((1, 1), standard)
            for name, standard in (("weight", 1.0), ("bias", 0.0))
        )
        self.normed = (self.x - self.mean) * self.scale
        # how far a rounded mean may move x̂
        self.unit = (np.abs(self.x) + np.abs(self.mean)) * self.scale + np.abs(self.normed)

    def channels_first(self, x: Array) -> Array:
        """(N, C, ...) -> (C, N·...)"""
        return np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)

    def back(self, numbers: Array) -> Array:
        """(C, N·...) -> (N, C, ...)"""
        return np.moveaxis(numbers.reshape(self.moved), 0, 1)

    def dotted(self, sizes: Array) -> Array:
        """Return Σ |g| |x − μ| of each channel, which torch adds up before it scales."""
        return np.asarray((sizes * (np.abs(self.x) + np.abs(self.mean))).sum(1))

    def peak(self, *others: Array) -> float:
        """Return the largest number on the way: the squares of the variance, or one of ``others``."""
        return max([largest(self.x * self.x), *map(largest, others)])


def whole(call: Call) -> Hand | None:
    """γ (x − μ) / √(σ² + ε) + β"""
    norm = _Norm(call)
    slope = norm.gamma * norm.scale
    y = norm.normed * norm.gamma + norm.beta
    multiplied = norm.x * slope + (norm.beta - norm.mean * slope)  # as torch does it, where γ/√(σ² + ε) is infinite
    numbers = np.where(np.isfinite(slope), y, multiplied)
    scale = np.abs(norm.gamma) * norm.unit + np.abs(norm.beta)
    return Hand(norm.back(numbers), norm.back(scale), norm.x.shape[1], norm.peak(slope))


def whole_gradient(call: Call, which: str, arrived: Array) -> Hand | None:
    """γ: Σ g x̂; β: Σ g; x: γ/√(σ² + ε) (g − mean of g − x̂ · mean of g x̂), in eval γ/√(σ² + ε) g"""
    if which not in ("input", "weight", "bias"):
        return None
    norm = _Norm(call)
    g = norm.channels_first(arrived)
    n, sizes = max(g.shape[1], 1), np.abs(g)
    if which == "bias":
        return Hand(g.sum(1), sizes.sum(1), n, largest(g))
    if which == "weight":
        return Hand((g * norm.normed).sum(1), (sizes * norm.unit).sum(1), n, norm.peak(g, norm.dotted(sizes)))
    slope = norm.gamma * norm.scale
    if not norm.training:
        return Hand(norm.back(slope * g), norm.back(np.abs(slope) * sizes), 1, norm.peak(slope))
    inner = g - g.mean(1, keepdims=True) - norm.normed * (g * norm.normed).mean(1, keepdims=True)
    scale = sizes + sizes.mean(1, keepdims=True) + norm.unit * (sizes * norm.unit).mean(1, keepdims=True)
    whole = sizes.sum(1, keepdims=True) * norm.scale
    peak = norm.peak(
        slope, norm.dotted(sizes), whole * (1 + norm.scale * np.abs(norm.x).max(1, initial=0.0, keepdims=True))
    )
    return Hand(norm.back(inner * slope), norm.back(scale * np.abs(slope)), n, peak)


# Older releases of torch have no ``bias`` here.
TAKES_BIAS = "bias" in inspect.signature(nn.BatchNorm2d).parameters


LAYER_ARGUMENTS = (
    "num_features",
    "eps",
    "momentum",
    "affine",
    "track_running_stats",
    "device",
    "dtype",
    *TAKES_BIAS * ("bias",),
)


def _lines(values: Values) -> list[str]:
    arguments = ", ".join(f"{name}={values[name]}" for name in LAYER_ARGUMENTS)
    lines = [random("x", values["shape"]), f"layer = nn.BatchNorm2d({arguments}).{values['mode']}()"]
    if values["track_running_stats"]:
        lines.append("before = layer.running_mean.clone(), layer.running_var.clone()")
    lines.append("y = layer(x)")
    if values["track_running_stats"]:
        lines.append('print("running_mean", before[0], "->", layer.running_mean)')
        lines.append('print("running_var ", before[1], "->", layer.running_var)')
    return lines


def uses_batch(values: Values) -> bool:
    """Return whether the batch's own statistics are used: in training, and in eval when none were tracked."""
    return bool(values["mode"] == "train" or not values["track_running_stats"])


def _formula(values: Values) -> Formula:
    shape, tracked = values["shape"], values["track_running_stats"]
    if len(shape) != 4:
        raise InvalidSetting(N_("BatchNorm2d takes four dimensions (N, C, H, W), not {dims}"), dims=len(shape))
    if uses_batch(values) and math.prod(shape) == shape[1]:
        raise InvalidSetting(N_("one value a channel has no variance: training needs at least two"))
    holds = values["affine"] or tracked
    if holds and shape[1] != values["num_features"]:
        raise InvalidSetting(
            N_("x has {have} {have:channel|channels}, but num_features is {channels}: the two must be equal"),
            have=shape[1],
            channels=values["num_features"],
        )
    if values["eps"] <= 0 and uses_batch(values):
        raise InvalidSetting(
            N_("eps keeps the square root away from 0 and must be above 0, not {eps}"), eps=values["eps"]
        )
    if values["eps"] < 0:
        raise InvalidSetting(N_("eps is added to a variance and must be 0 or more, not {eps}"), eps=values["eps"])
    check_factory(values, holds)
    return same(values)


def _call(names: Values, values: Values) -> Call:
    layer, tensors = names["layer"], {"input": names["x"]}
    for name in ("weight", "bias"):
        if getattr(layer, name) is not None:
            tensors[name] = getattr(layer, name)
    if not uses_batch(values):
        tensors |= {"running_mean": layer.running_mean, "running_var": layer.running_var}
    return Call("batch_norm", tensors, {"training": uses_batch(values), "eps": values["eps"]}, names["y"])


OPERATOR = Operator(
    "BatchNorm2d",
    "torch.nn.BatchNorm2d",
    "regularisation",
    "nn.BatchNorm2d(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None,"
    f" dtype=None{TAKES_BIAS * ', *, bias=True'})",
    N_("Shifts and scales each channel to mean 0 and variance 1, then by its own γ and β."),
    "torch.nn.BatchNorm2d",
    (
        Argument("shape", "shape", "2, 2, 2, 3", examples=("1, 2, 1, 1", "3, 2", "2, 3, 2, 2")),
        Argument("num_features", "int", 2, 1, 6),
        Argument("eps", "float", 1e-5, -0.1, 10.0),
        Argument("momentum", "choice", "0.1", options=("0.1", "0.5", "1.0", "0.0", "None")),
        Argument("affine", "bool", True),
        Argument("track_running_stats", "bool", True),
        DEVICE,
        DTYPE,
        *TAKES_BIAS * (Argument("bias", "bool", True),),
        Argument("mode", "word", "train", options=("train", "eval")),
    ),
    _lines,
    _formula,
    _call,
    Surprise(
        N_("A new BatchNorm2d in eval mode gets numbers around 10. Its output is around…"),
        {"0": N_("0: it normalises"), "10": N_("10: it hardly changes them")},
        "10",
        "import torch\nfrom torch import nn\n\ntorch.manual_seed(0)\nx = 10 + torch.randn(8, 1, 4, 4)\n"
        "layer = nn.BatchNorm2d(1).eval()\nprint('eval, new:      mean', layer(x).mean().item())\nlayer.train()\n"
        "for k in range(1, 31):\n    y = layer(x)\n    if k in (1, 10, 30):\n"
        "        print('train, batch', k, ': mean', round(y.mean().item(), 4), ' running_mean',"
        " layer.running_mean.item())\nlayer.eval()\nprint('eval, now:      mean', layer(x).mean().item())\n",
        N_(
            "In eval the stored running statistics are used, which start at mean 0 and variance 1. Training"
            " moves them"
            " a tenth (momentum=0.1) of the way with each batch; the running variance divides by n − 1, the"
            " normalisation itself by n."
        ),
    ),
)


OPERATIONS = (
    Definition(
        ("batch_norm",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("Subtracts a mean from each channel and divides by a std, then scales and shifts it by γ and β."),
        {"NativeBatchNormBackward": N_("Batch normalisation.")},
        {
            ("NativeBatchNormBackward", "training", "True"): N_(
                "Batch normalisation in train mode: mean and std are the batch's, so each input's gradient depends "
                "on the whole batch."
            ),
            ("NativeBatchNormBackward", "training", "False"): N_(
                "Batch normalisation in eval mode: mean and std are fixed, so the gradient is only scaled."
            ),
        },
        operators=(OPERATOR,),
    ),
)
