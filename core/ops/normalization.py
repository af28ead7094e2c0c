"""``layer_norm`` and ``group_norm``: each group of cells gets mean 0 and standard deviation 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops.definition import Definition
from core.ops.entries import arrow
from core.ops.explanation import Call, Explanation, Factor, Index, Term
from core.ops.latex import number
from core.ops.operator import DEVICE, DTYPE, Argument, Formula, Operator, Surprise, Values, check_factory, random
from core.ops.places import cell
from core.ops.pointwise import narrowed
from core.ops.terms import product, summed
from core.ops.whole import Array, Hand, array, largest

VALUE = r"y = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
GRADIENTS = {
    "input": r"\frac{\partial L}{\partial x_i} = \frac{1}{\sqrt{\sigma^2 + \epsilon}}"
    r"\Big(h_i - \frac{1}{m}\sum_j h_j - \hat{x}_i \frac{1}{m} \sum_j h_j \hat{x}_j\Big),\quad h = g\,\gamma",
    "weight": r"\frac{\partial L}{\partial \gamma} = \sum g\,\hat{x}",
    "bias": r"\frac{\partial L}{\partial \beta} = \sum g",
}


@dataclass(frozen=True)
class Parts:
    """The call's numbers: x and x̂ with one row a group, 1/√(σ² + ε) of each, γ and β in the shape of x."""

    x: Array
    normal: Array
    inverse: Array
    mean: Array
    gamma: Array
    beta: Array

    @property
    def size(self) -> int:
        """How many cells a group has."""
        return int(self.x.shape[1])


def _rows(call: Call) -> int:
    """Return how many groups there are."""
    x = call.tensors["input"]
    if call.name == "group_norm":
        return int(x.shape[0]) * int(call.options["num_groups"])
    return math.prod(x.shape[: x.dim() - len(call.options["normalized_shape"])])


def _in_shape_of_x(call: Call, tensor: Tensor | None, otherwise: float) -> Array:
    """Return γ or β in the shape of x: per channel, or per cell of a row."""
    shape = tuple(call.tensors["input"].shape)
    if tensor is None:
        return np.full(shape, otherwise)
    if call.name == "group_norm":
        return np.broadcast_to(array(tensor).reshape(-1, *[1] * (len(shape) - 2)), shape)
    return np.broadcast_to(array(tensor), shape)


def _parts(call: Call) -> Parts:
    x = array(call.tensors["input"]).reshape(_rows(call), -1)
    mean = x.mean(1, keepdims=True)
    inverse = 1 / np.sqrt(((x - mean) ** 2).mean(1, keepdims=True) + float(call.options.get("eps", 1e-5)))
    gamma, beta = (_in_shape_of_x(call, call.tensors.get(name), d) for name, d in (("weight", 1.0), ("bias", 0.0)))
    return Parts(x, (x - mean) * inverse, inverse, mean, gamma, beta)


def _unit(parts: Parts) -> Array:
    """Return what the rounding errors of x̂ are relative to: large where all of a group are nearly the same."""
    spread = np.abs(parts.x).max(1, keepdims=True, initial=0) * parts.inverse
    return np.asarray((spread + 1) * (1 + np.abs(parts.normal)))


def whole(call: Call) -> Hand:
    """Return y = γ x̂ + β."""
    parts, shape = _parts(call), tuple(call.output.shape)
    numbers = parts.gamma * parts.normal.reshape(shape) + parts.beta
    scale = np.abs(parts.gamma) * _unit(parts).reshape(shape) + np.abs(parts.beta)
    return Hand(np.asarray(numbers), np.asarray(scale), parts.size + 2, max(largest(parts.x) ** 2, largest(scale)))


def whole_gradient(call: Call, which: str, g: Array) -> Hand:
    """Return the gradient of ``which``; with h = gγ: (h − mean h − x̂ mean(h x̂)) / √(σ² + ε), Σ g x̂ or Σ g."""
    parts, shape = _parts(call), tuple(call.output.shape)
    unit = _unit(parts)
    if which != "input":
        term = g if which == "bias" else g * parts.normal.reshape(shape)
        size = np.abs(g) if which == "bias" else np.abs(g) * unit.reshape(shape)
        numbers, scale = _added_up(call, term), _added_up(call, size)
        return Hand(numbers, scale, max(term.size // max(numbers.size, 1), 1) + parts.size, largest(scale))
    h = (g * parts.gamma).reshape(parts.x.shape)
    means = h.mean(1, keepdims=True), (h * parts.normal).mean(1, keepdims=True)
    numbers = (h - means[0] - parts.normal * means[1]) * parts.inverse
    size = np.abs(h) + np.abs(h).mean(1, keepdims=True) + unit * (np.abs(h) * unit).mean(1, keepdims=True)
    scale = size * parts.inverse * (1 + unit.max(1, keepdims=True, initial=0))
    return Hand(numbers.reshape(shape), scale.reshape(shape), parts.size + 2, largest(scale))


def _added_up(call: Call, numbers: Array) -> Array:
    """Add up over all cells that share one γ or β."""
    if call.name == "group_norm":
        channels = numbers.shape[1]
        return np.asarray(np.moveaxis(numbers, 1, 0).reshape(channels, -1).sum(1))
    return narrowed(numbers, tuple(int(size) for size in call.options["normalized_shape"]))


def _group(call: Call, index: Index) -> tuple[int, list[Index]]:
    """Return the number of the group that holds ``index`` and all its cells."""
    x = call.tensors["input"]
    per_group = x.numel() // _rows(call)
    row = int(np.ravel_multi_index(index, tuple(x.shape))) // per_group
    return row, [cell(row * per_group + k, x.shape) for k in range(per_group)]


def value(call: Call, index: Index) -> Explanation:
    """Open one cell: the mean and the variance of its group, and its own distance from the mean."""
    parts, hand = _parts(call), whole(call)
    row, cells = _group(call, index)
    own, gamma, beta = call.tensors["input"][index].item(), float(parts.gamma[index]), float(parts.beta[index])
    mean, inverse = float(parts.mean[row, 0]), float(parts.inverse[row, 0])
    steps = (
        rf"\mu = \frac{{1}}{{{len(cells)}}} \sum_i x_i = {number(mean)}",
        rf"\sqrt{{\sigma^2 + \epsilon}} = {number(1 / inverse)}",
        rf"y = {number(gamma)} \cdot \frac{{{number(own)} - ({number(mean)})}}{{{number(1 / inverse)}}}"
        rf" + {number(beta)} = {number(float(hand.numbers[index]))}",
    )
    terms = tuple(product(("x", call.tensors["input"], "input", place)) for place in cells)
    torch_value = call.output[index].item()
    result, scale = float(hand.numbers[index]), float(hand.scale[index])
    return Explanation("output", index, VALUE, terms, result, torch_value, "steps", steps, scale, hand.peak)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation:
    """Open one cell of a gradient: of the input, what comes through the cell itself, the mean and the variance."""
    parts, hand = _parts(call), whole_gradient(call, which, array(grad_output))
    normal = parts.normal.reshape(tuple(call.output.shape))
    if which == "input":
        row, cells = _group(call, index)
        inverse, m = float(parts.inverse[row, 0]), len(cells)
        terms = []
        for place in cells:
            h = grad_output[place].item() * float(parts.gamma[place])
            weight = (place == index) - 1 / m - float(normal[index]) * float(normal[place]) / m
            factors = (Factor("h", h, "grad_output", place), Factor("c", weight, "input", place))
            terms.append(Term((*factors, Factor(r"1/\sqrt{\sigma^2+\epsilon}", inverse)), h * weight * inverse))
    else:
        terms = []
        for place in _sharing(call, index):
            g = product(("g", grad_output, "grad_output", place)).factors[0]
            factor = (Factor(r"\hat{x}", float(normal[place]), "input", place),) if which == "weight" else ()
            terms.append(Term((g, *factor), g.value * (factor[0].value if factor else 1.0)))
    result, torch_value = summed(term.value for term in terms), grad[index].item()
    scale = float(hand.scale[index])
    return Explanation(
        which, index, GRADIENTS[which], tuple(terms), result, torch_value, "sum", (), scale, hand.peak
    )


def _sharing(call: Call, index: Index) -> list[Index]:
    """Return the cells that are scaled by the γ at ``index``."""
    shape = tuple(call.output.shape)
    if call.name == "group_norm":
        return [place for place in np.ndindex(*shape) if place[1] == index[0]]
    return [(*lead, *index) for lead in np.ndindex(*shape[: len(shape) - len(index)])]


def _check_layer_size(values: Values) -> None:
    shape = values["normalized_shape"]
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not sizes or not all(isinstance(size, int) for size in sizes) or values["shape"][-len(sizes) :] != sizes:
        raise InvalidSetting(
            N_("normalized_shape {asked} is not the end of the shape {shape}"), asked=shape, shape=values["shape"]
        )


def _layer_formula(values: Values) -> Formula:
    _check_layer_size(values)
    check_factory(values, holds_tensors=values["elementwise_affine"])
    return Formula((r"(*) \to (*)", arrow(values["shape"], values["shape"])), values["shape"])


def _group_formula(values: Values) -> Formula:
    shape, groups, channels = values["shape"], values["num_groups"], values["num_channels"]
    if channels % groups:
        raise InvalidSetting(
            N_("{name} {value} is not a multiple of groups {groups}"),
            name="num_channels",
            value=channels,
            groups=groups,
        )
    if len(shape) < 2 or (shape[1] != channels if values["affine"] else shape[1] % groups):
        raise InvalidSetting(
            N_("the second dimension of x, of shape {shape}, is not num_channels {channels}"),
            shape=shape,
            channels=channels,
        )
    if math.prod(shape) == groups:
        raise InvalidSetting(N_("one value a group has no variance: PyTorch refuses it, in eval mode too"))
    check_factory(values, holds_tensors=values["affine"])
    return Formula((r"(N, C, *) \to (N, C, *)", arrow(shape, shape)), shape)


def _called(name: str, option: str) -> Callable[[Values, Values], Call]:
    """Return how the call of a norm layer is read from the program's names."""

    def call(names: Values, values: Values) -> Call:
        layer, tensors = names["layer"], {"input": names["x"]}
        tensors |= {each: tensor for each in ("weight", "bias") if (tensor := getattr(layer, each)) is not None}
        return Call(name, tensors, {option: getattr(layer, option), "eps": values["eps"]}, names["y"])

    return call


BY_EXAMPLE = N_(
    "Gives each example mean 0 and std 1 over its last dimensions, then scales and shifts it by γ and β."
)
LAYER_NORM = Operator(
    "LayerNorm",
    "torch.nn.LayerNorm",
    "regularisation",
    "nn.LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, device=None, dtype=None)",
    BY_EXAMPLE,
    "torch.nn.LayerNorm",
    (
        Argument("shape", "shape", "2, 4", examples=("2, 3, 4", "3, 2")),
        Argument("normalized_shape", "sizes", "4", examples=("3, 4", "2", "2, 4", "5")),
        Argument("eps", "float", 1e-5, 1e-5, 10.0),
        Argument("elementwise_affine", "bool", True),
        DEVICE,
        DTYPE,
    ),
    lambda values: [
        random("x", values["shape"]),
        f"layer = nn.LayerNorm({values['normalized_shape']}, eps={values['eps']},"
        f" elementwise_affine={values['elementwise_affine']}, device={values['device']}, dtype={values['dtype']})",
        "y = layer(x)",
    ],
    _layer_formula,
    _called("layer_norm", "normalized_shape"),
    Surprise(
        N_("One example of a batch is made ten times as large. Which outputs of LayerNorm change?"),
        {"all": N_("all of the batch, as in BatchNorm"), "own": N_("its own"), "none": N_("none at all")},
        "none",
        "import torch\nfrom torch import nn\n\ntorch.manual_seed(0)\nx = torch.randn(3, 5)\nlarger = x.clone()\n"
        "larger[0] *= 10\nfor layer in (nn.LayerNorm(5), nn.BatchNorm1d(5)):\n"
        "    moved = (layer(x) - layer(larger)).abs().amax(1)\n"
        "    print(type(layer).__name__, [round(each, 2) for each in moved.tolist()])\n",
        N_("Each example is divided by its own std, so a factor falls out; other examples are never looked at."),
    ),
    keywords="transformer normalise 归一化",
)
BY_GROUP = N_("Gives each group of channels mean 0 and std 1, then scales and shifts it by γ and β.")
GROUP_NORM = Operator(
    "GroupNorm",
    "torch.nn.GroupNorm",
    "regularisation",
    "nn.GroupNorm(num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None)",
    BY_GROUP,
    "torch.nn.GroupNorm",
    (
        Argument("shape", "shape", "2, 4, 3", examples=("1, 2, 2, 2", "2, 4", "2, 3, 2")),
        Argument("num_groups", "int", 2, 1, 4),
        Argument("num_channels", "int", 4, 1, 6),
        Argument("eps", "float", 1e-5, 1e-5, 10.0),
        Argument("affine", "bool", True),
        DEVICE,
        DTYPE,
    ),
    lambda values: [
        random("x", values["shape"]),
        f"layer = nn.GroupNorm({values['num_groups']}, {values['num_channels']}, eps={values['eps']},"
        f" affine={values['affine']}, device={values['device']}, dtype={values['dtype']})",
        "y = layer(x)",
    ],
    _group_formula,
    _called("group_norm", "num_groups"),
    keywords="normalise instance 归一化 分组",
)
OPERATIONS = (
    Definition(
        ("layer_norm",),
        value,
        gradient,
        whole,
        whole_gradient,
        BY_EXAMPLE,
        {"NativeLayerNormBackward": N_("Layer norm: an input's gradient depends on its whole example.")},
        operators=(LAYER_NORM,),
    ),
    Definition(
        ("group_norm",),
        value,
        gradient,
        whole,
        whole_gradient,
        BY_GROUP,
        {"NativeGroupNormBackward": N_("Group norm: an input's gradient depends on its whole group.")},
        operators=(GROUP_NORM,),
    ),
)
