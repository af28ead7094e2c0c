"""``max_pool1d`` to ``max_pool3d``: the greatest number of each window, which gets all of the gradient."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.dims import sides
from core.ops.explanation import Call, Explanation, Index, Term
from core.ops.operator import (
    SIDE_NAMES,
    Argument,
    Formula,
    Operator,
    Shape,
    Surprise,
    Values,
    check_dims,
    numbers_of,
    random,
)
from core.ops.terms import passed, product, total
from core.ops.whole import Array, Hand, added, array, exact_hand
from core.windows import sizes as window_sizes
from core.windows.axis import Axis

SUBSCRIPTS = {
    1: ("i", "i s + u d - p", "u", "a"),
    2: ("i,j", r"\,i s + u d - p,\,j s + v d - p", "u,v", "a,b"),
    3: ("i,j,k", r"\,i s + u d - p,\,j s + v d - p,\,k s + t d - p", "u,v,t", "a,b,c"),
}


def axes(call: Call) -> list[Axis]:
    """Return the window of every side; the stride is the kernel where none is given."""
    count = int(call.name[-2])
    kernel = sides(call.options["kernel_size"], count)
    stride = sides(call.options.get("stride") or kernel, count)
    padding, dilation = (sides(call.options.get(*option), count) for option in (("padding", 0), ("dilation", 1)))
    sizes = (call.tensors["input"].shape[-count:], call.output.shape[-count:])
    return [Axis(*facts) for facts in zip(*sizes, kernel, stride, dilation, padding, strict=True)]


def window(call: Call, place: Index) -> list[Index]:
    """Return the input cells in the window of the output at ``place``, row by row, without the padding."""
    windows = [axis.window(o) for axis, o in zip(axes(call), place, strict=True)]
    inside = [[at for _, at in cells if axis.inside(at)] for axis, cells in zip(axes(call), windows, strict=True)]
    return list(itertools.product(*inside))


def winner(call: Call, lead: Index, place: Index) -> Index | None:
    """Return the cell that wins the window: the greatest, the first of equals, a nan before any number.

    Which of several nans wins is torch's choice, see ``last_nan_wins``. None when dilation lets every cell of the
    window fall into the padding; torch's value is then -inf.
    """
    x, cells = call.tensors["input"], window(call, place)
    nans = [cell for cell in cells if math.isnan(x[(*lead, *cell)].item())]
    if nans:
        return nans[-1 if last_nan_wins() else 0]
    return max(cells, key=lambda cell: float(x[(*lead, *cell)].item()), default=None)


@cache
def last_nan_wins() -> bool:
    """Ask torch which of two nans in one window a max pooling sends the gradient to."""
    nans = torch.full((1, 1, 2), math.nan)
    return F.max_pool2d(nans, (1, 2), return_indices=True)[1].item() == 1


def value(call: Call, index: Index) -> Explanation:
    """Open one output cell: the numbers in its window; the winner's term carries the note "winner"."""
    x, count = call.tensors["input"], int(call.name[-2])
    lead, place = index[:-count], index[-count:]
    best = winner(call, lead, place)
    terms = []
    for cell in window(call, place):
        (factor,) = product(("x", x, "input", (*lead, *cell))).factors
        terms.append(Term((factor,), factor.value, "winner" if cell == best else ""))
    result = x[(*lead, *best)].item() if best is not None else -math.inf
    out, inside, under, _ = SUBSCRIPTS[count]
    symbolic = rf"y_{{{out}}} = \max_{{{under}}}\; x_{{{inside}}}"
    return Explanation("output", index, symbolic, tuple(terms), result, call.output[index].item(), "max")


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation:
    """Open one cell of the input's gradient: g of each window that holds this cell and that it won."""
    count, terms = int(call.name[-2]), []
    lead, own = index[:-count], index[-count:]
    uses = [axis.uses(at) for axis, at in zip(axes(call), own, strict=True)]
    for place in itertools.product(*([o for o, _ in side] for side in uses)):
        won = winner(call, lead, place) == own
        g = product(("g", grad_output, "grad_output", (*lead, *place)))
        terms.append(passed(g, "won", won, "input", index, "winner" if won else ""))
    out, _, _, cell = SUBSCRIPTS[count]
    symbolic = (
        rf"\frac{{\partial L}}{{\partial x_{{{cell}}}}} = "
        rf"\sum_{{{out}}} g_{{{out}}}\,[\,({cell}) = \arg\max W_{{{out}}}\,]"
    )
    return total(which, index, symbolic, terms, grad)


def overlap(axis: Axis, k: int) -> tuple[slice, slice]:
    """Return the outputs and the inputs that meet at kernel position ``k``: ``Axis.places`` as two slices."""
    first = max(0, -(-(axis.before - k * axis.dilation) // axis.stride))
    last = min(axis.output - 1, (axis.size - 1 + axis.before - k * axis.dilation) // axis.stride)
    count = max(0, last - first + 1)
    start = axis.position(first, k) if count else 0
    stop = start + (count - 1) * axis.stride + 1 if count else 0
    return slice(first, first + count), slice(start, stop, axis.stride)


def _positions(call: Call) -> Iterator[tuple[int, Any, Any]]:
    """Yield the number of every kernel position with the outputs and the inputs that meet there, as indices."""
    meeting = [[overlap(axis, k) for k in range(axis.kernel_size)] for axis in axes(call)]
    for number, met in enumerate(itertools.product(*meeting)):
        yield number, (..., *(outputs for outputs, _ in met)), (..., *(inputs for _, inputs in met))


def _winners(call: Call) -> tuple[Array, Array]:
    """Return the greatest number of every window and its kernel position; -inf and -1 where a window is empty."""
    x = array(call.tensors["input"])
    best = np.full(tuple(call.output.shape), -np.inf)
    won = np.full(best.shape, -1)
    for position, outputs, inputs in _positions(call):
        number, old, place = x[inputs], best[outputs], won[outputs]
        better = (number > old) | (place < 0) | (np.isnan(number) & (last_nan_wins() | ~np.isnan(old)))
        best[outputs] = np.where(better, number, old)
        won[outputs] = np.where(better, position, place)
    return best, won


def whole(call: Call) -> Hand:
    """The greatest of each window"""
    return exact_hand(_winners(call)[0])


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """All of g to each window's winner"""
    won, shape = _winners(call)[1], tuple(call.tensors["input"].shape)

    def scatter(arrived: Array) -> Array:
        grad = np.zeros(shape)
        for position, outputs, inputs in _positions(call):
            grad[inputs] += np.where(won[outputs] == position, arrived[outputs], 0.0)
        return grad

    return added(scatter, g, terms=math.prod(axis.kernel_size for axis in axes(call)))


KEPT = N_("Max pooling kept where each maximum stood; the gradient goes only there.")


def _lines(values: Values, count: int) -> list[str]:
    names = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
    arguments = ", ".join(f"{name}={values[name]}" for name in names)
    result = "y, indices" if values["return_indices"] else "y"
    return [random("x", values["shape"]), f"{result} = nn.MaxPool{count}d({arguments})(x)"]


def _formula(values: Values, count: int) -> Formula:
    check_dims(values["shape"], (count + 1, count + 2))
    ends = pool_sizes(values, count)
    for end in ends:
        window_sizes.check_windows(end)
    return pool_formula(values["shape"], ends)


def pool_sizes(values: Values, count: int) -> list[window_sizes.Size]:
    """Return the size of each of ``count`` sides; refuse an option that is no number."""
    arguments = {"stride": values["kernel_size"], "dilation": 1}  # without a stride it is the kernel's
    arguments |= {name: value for name, value in values.items() if (name, value) != ("stride", None)}
    names = ("kernel_size", "stride", "padding", "dilation")
    options = zip(*(numbers_of(name, arguments[name], count) for name in names), strict=True)
    ceil_mode = values["ceil_mode"]
    each_side = zip(values["shape"][-count:], options, strict=True)
    return [window_sizes.pool(size, k, s, p, d, ceil_mode) for size, (k, s, p, d) in each_side]


def pool_formula(shape: Shape, ends: list[window_sizes.Size]) -> Formula:
    """Return the formula of a pooling, whose dilation is in it where it has one."""
    brackets = r"\lceil", r"\rceil"
    left, right = brackets if ends[0].ceil_mode else (r"\lfloor", r"\rfloor")
    return Formula(
        (
            rf"o = \left{left} \frac{{i + 2p - d(k - 1) - 1}}{{s}} \right{right} + 1",
            *(
                rf"{name} = \left{left} \frac{{{e.input} + 2\cdot {e.before} - {e.dilation}({e.kernel_size} - 1)"
                rf" - 1}}{{{e.stride}}} \right{right} + 1 = {e.output}"
                for name, e in zip(SIDE_NAMES[len(ends)], ends, strict=True)
            ),
        ),
        (*shape[: -len(ends)], *(end.output for end in ends)),
    )


def _call(names: Values, values: Values, count: int) -> Call:
    options = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    return Call(f"max_pool{count}d", {"input": names["x"]}, {name: values[name] for name in options}, names["y"])


def _operator(count: int, surprise: Surprise | None, arguments: tuple[Argument, ...]) -> Operator:
    """Return ``nn.MaxPool1d``, 2d or 3d; ``arguments`` are its shape and those with a number for each side."""
    name = f"MaxPool{count}d"
    return Operator(
        name,
        f"torch.nn.{name}",
        "pooling",
        f"nn.{name}(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)",
        N_("Keeps the largest number of each window, channel by channel."),
        f"torch.nn.{name}",
        (*arguments, Argument("return_indices", "bool", False), Argument("ceil_mode", "bool", False)),
        partial(_lines, count=count),
        partial(_formula, count=count),
        partial(_call, count=count),
        surprise,
    )


MAX_POOL_1D = _operator(
    1,
    None,
    (
        Argument("shape", "shape", "1, 1, 7", examples=("2, 6", "1, 2, 4", "5")),
        Argument("kernel_size", "sizes", "2", examples=("3", "1", "8", "2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2", "3")),
        Argument("padding", "sizes", "0", examples=("1", "2")),
        Argument("dilation", "sizes", "1", examples=("2", "3")),
    ),
)
MAX_POOL_2D = _operator(
    2,
    Surprise(
        N_("MaxPool2d(2) on a 5×5 image: what happens to the last row and column?"),
        {
            "dropped": N_("no window reaches them: they are dropped"),
            "padded": N_("they are padded and used"),
            "error": N_("an error, 5 is odd"),
        },
        "dropped",
        "import torch\nfrom torch import nn\n\nx = torch.arange(25.0).view(1, 5, 5)\nprint(x)\n"
        "print(nn.MaxPool2d(2)(x))\nprint('with ceil_mode=True')\nprint(nn.MaxPool2d(2, ceil_mode=True)(x))\n",
        N_("The stride equals the kernel size unless you set it, and the floor drops what no whole window covers."),
    ),
    (
        Argument("shape", "shape", "1, 1, 5, 5", examples=("2, 4, 6", "1, 2, 4, 4", "5, 5", "1, 6, 6")),
        Argument("kernel_size", "sizes", "2", examples=("3", "3, 2", "1", "7", "2, 2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2", "3, 1", "2, 1")),
        Argument("padding", "sizes", "0", examples=("1", "2", "0, 1")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2")),
    ),
)
MAX_POOL_3D = _operator(
    3,
    None,
    (
        Argument("shape", "shape", "1, 1, 4, 4, 4", examples=("1, 3, 4, 3", "1, 2, 2, 3, 3", "3, 3, 3")),
        Argument("kernel_size", "sizes", "2", examples=("1", "2, 1, 3", "5", "2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2, 1, 1")),
        Argument("padding", "sizes", "0", examples=("1", "0, 1, 0")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2, 1")),
    ),
)


OPERATIONS = (
    Definition(
        ("max_pool1d", "max_pool2d", "max_pool3d"),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("Keeps the largest number of each window."),
        {f"MaxPool{n}DWithIndicesBackward": KEPT for n in (2, 3)},
        operators=(MAX_POOL_1D, MAX_POOL_2D, MAX_POOL_3D),
    ),
)
