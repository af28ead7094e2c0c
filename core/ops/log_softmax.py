"""``log_softmax``: y_i = x_i − log Σ_j e^{x_j}, computed from x − max(x) so that no exponential overflows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.latex import added, number
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, random, same
from core.ops.operator import dimension as checked_dimension
from core.ops.terms import summed, total
from core.ops.whole import Array, Hand, array, largest

VALUE = r"y_i = x_i - m - \log\sum_j e^{x_j - m},\qquad m = \max_j x_j"
GRADIENT = r"\frac{\partial L}{\partial x_i} = g_i - p_i \sum_j g_j,\qquad p_i = e^{y_i}"


def row(x: Tensor, index: tuple[int, ...], dim: int) -> list[tuple[int, ...]]:
    """Return the cells that share every index of ``index`` but the one along ``dim``."""
    if not x.dim():
        return [()]
    dim %= x.dim()
    return [(*index[:dim], j, *index[dim + 1 :]) for j in range(x.shape[dim])]


def exponentials(x: Tensor, cells: list[tuple[int, ...]]) -> tuple[float, list[Term]]:
    """Return m = max x over ``cells``, and e^(x − m) of each as a term."""
    numbers = [x[cell].item() for cell in cells]
    m = max(numbers)
    return m, [
        Term((Factor("exp(x − m)", math.exp(n - m), "input", cell),), math.exp(n - m))
        for n, cell in zip(numbers, cells, strict=True)
    ]


def dimension(call: Call) -> int:
    """Return ``dim``; without one, torch takes 0 for 0, 1 and 3 dimensions and 1 otherwise."""
    dim = call.options.get("dim", call.options.get("arg1"))
    return int(dim) if dim is not None else int(call.tensors["input"].dim() not in (0, 1, 3))


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: the exponentials of its row, their sum's logarithm, the difference."""
    x = call.tensors["input"]
    m, terms = exponentials(x, row(x, index, dimension(call)))
    parts = [term.value for term in terms]
    whole, own = summed(parts), x[index].item()
    steps = (
        rf"m = {number(m)}",
        rf"\sum_j e^{{x_j - m}} = {added(parts)} = {number(whole)}",
        rf"y = {number(own)} - ({number(m)}) - \log {number(whole)} = {number(own - m - math.log(whole))}",
    )
    result = own - m - math.log(whole)
    scale = abs(own) + abs(m) + abs(math.log(whole)) + 1
    return Explanation(
        "output", index, VALUE, tuple(terms), result, call.output[index].item(), "steps", steps, scale
    )


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: its own g, less its share p of the sum of the row's g."""
    x = call.tensors["input"]
    cells = row(x, index, dimension(call))
    m, powers = exponentials(x, cells)
    p = math.exp(x[index].item() - m) / summed(term.value for term in powers)
    share = Factor("−p", -p, "output", index)
    own = Factor("g", grad_output[index].item(), "grad_output", index)
    terms = [Term((own,), own.value)]
    for cell in cells:
        g = Factor("g", grad_output[cell].item(), "grad_output", cell)
        terms.append(Term((share, g), -p * g.value))
    explanation = spread(total(which, index, GRADIENT, terms, grad), x, cells)
    return replace(explanation, peak=sum(abs(term.factors[-1].value) for term in terms[1:]))


def spread(explanation: Explanation, x: Tensor, cells: list[tuple[int, ...]]) -> Explanation:
    """Return ``explanation`` with a scale for sums of eˣ: an exponent's own rounding counts |x − m| times."""
    numbers = [number for cell in cells if math.isfinite(number := x[cell].item())] or [0.0]
    widest = max(numbers) - min(numbers)
    return replace(explanation, scale=explanation.magnitude * (1 + max(map(abs, numbers)) + widest))


def logarithms(x: Array, dim: int) -> tuple[Array, Array]:
    """Return x − m − log Σ e^(x − m), and what its rounding errors are relative to."""
    if not x.ndim:
        y, scale = logarithms(x[None], 0)
        return y[0], scale[0]
    m = x.max(dim, keepdims=True)
    logarithm = np.log(np.exp(x - m).sum(dim, keepdims=True))
    return x - m - logarithm, np.abs(x) + 2 * np.abs(m) + np.abs(logarithm) + 1


def along(x: Array, dim: int) -> Array:
    """Return the sum along ``dim``, which stays with size 1; of a number, itself."""
    return x.sum(dim, keepdims=True) if x.ndim else x


def length(call: Call, dim: int) -> int:
    """Return how many numbers there are along ``dim``."""
    x = call.tensors["input"]
    return x.shape[dim] if x.dim() else 1


def widest(unit: Array) -> float:
    """Return how far rounded exponents can move a sum of exponentials, relatively."""
    return 1 + largest(unit[np.isfinite(unit)])


def whole(call: Call) -> Hand:
    """x − m − log Σ e^(x − m)"""
    dim = dimension(call)
    return Hand(*logarithms(array(call.tensors["input"]), dim), length(call, dim))


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g − p Σ g"""
    dim = dimension(call)
    y, unit = logarithms(array(call.tensors["input"]), dim)
    p, whole = np.exp(y), along(np.abs(g), dim)
    numbers, scale = g - p * along(g, dim), (np.abs(g) + p * whole) * widest(unit)
    return Hand(np.asarray(numbers), np.asarray(scale), length(call, dim) + 1, float(whole.max(initial=0.0)))


ARGUMENTS = (
    Argument("shape", "shape", "2, 3", examples=("3", "2, 2, 3")),
    Argument("dim", "choice", "1", options=("None", "-3", "-2", "-1", "0", "1", "2")),
)


def layer_lines(values: Values) -> list[str]:
    """Return the lines that apply ``nn.Softmax`` or ``nn.LogSoftmax``."""
    return [random("x", values["shape"]), f"y = nn.{values['layer']}(dim={values['dim']})(x)"]


def layer_formula(values: Values) -> Formula:
    """Return the shape rule: the shape stays, ``dim`` must be one of its dimensions."""
    if values["dim"] != "None":
        checked_dimension({"dim": int(values["dim"])}, "dim", len(values["shape"]))
    return same(values)


def layer_call(name: str, names: Values, values: Values) -> Call:
    """Read the call of the layer."""
    options = {} if values["dim"] == "None" else {"dim": int(values["dim"])}
    return Call(name, {"input": names["x"]}, options, names["y"])


OPERATOR = Operator(
    "LogSoftmax",
    "torch.nn.LogSoftmax",
    "activations",
    "nn.LogSoftmax(dim=None)",
    N_("The logarithm of softmax, computed so that nothing overflows or vanishes."),
    "torch.nn.LogSoftmax",
    ARGUMENTS,
    lambda values: layer_lines({**values, "layer": "LogSoftmax"}),
    layer_formula,
    lambda names, values: layer_call("log_softmax", names, values),
    Surprise(
        N_("log(softmax(x)) for x = (0, 200): what is its first entry?"),
        {"-200": "-200", "-inf": "-inf", "0": "0"},
        "-inf",
        "import torch\n\nx = torch.tensor([0.0, 200.0])\nprint('log(softmax(x))', x.softmax(0).log())\n"
        "print('log_softmax(x) ', x.log_softmax(0))\n",
        N_("softmax rounds e⁻²⁰⁰ to 0, whose logarithm is -inf. log_softmax never forms that number."),
    ),
)


OPERATIONS = (
    Definition(
        ("log_softmax",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("Turns logits into log-probabilities: x minus the logarithm of the sum of all eˣ."),
        {"LogSoftmaxBackward": N_("log_softmax: sends g minus softmax times the sum of g.")},
        operators=(OPERATOR,),
    ),
)
