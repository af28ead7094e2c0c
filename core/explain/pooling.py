"""``max_pool2d``, ``avg_pool2d`` and ``adaptive_avg_pool2d``: the winner takes it, or all share it."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import passed, product, total
from core.windows.axis import Axis, adaptive_window, pair

MAX = r"y_{i,j} = \max_{u,v}\; x_{\,i s + u d - p,\,j s + v d - p}"
MAX_GRADIENT = r"\frac{\partial L}{\partial x_{a,b}} = \sum_{i,j} g_{i,j}\,[\,(a,b) = \arg\max W_{i,j}\,]"
MEAN = r"y_{i,j} = \frac{1}{n} \sum_{u,v} x_{\,i s + u - p,\,j s + v - p}"
MEAN_GRADIENT = r"\frac{\partial L}{\partial x_{a,b}} = \sum_{i,j} g_{i,j}\cdot\frac{1}{n_{i,j}}"

Cell = tuple[int, int]


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open one output cell: the numbers in its window, and the greatest or the mean of them.

    Shapes: input (N, C, H, W) or (C, H, W). The winner's term of a max pooling carries the note "winner".
    """
    x = call.tensors["input"]
    *lead, i, j = index
    cells = window(call, i, j)
    if call.name == "max_pool2d":
        best = winner(call, tuple(lead), i, j)
        terms = tuple(
            Term(
                (Factor("x", x[(*lead, *cell)].item(), "input", (*lead, *cell)),),
                x[(*lead, *cell)].item(),
                "winner" if cell == best else "",
            )
            for cell in cells
        )
        result = x[(*lead, *best)].item() if best else -math.inf
        return Explanation("output", index, MAX, terms, result, call.output[index].item(), "max")
    share = Factor("1/n", 1 / divisor(call, i, j))
    shared = [_with(product(("x", x, "input", (*lead, *cell))), share) for cell in cells]
    opened = total("output", index, MEAN, shared, call.output)
    return replace(opened, peak=opened.magnitude / share.value)  # torch adds first and divides then


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the gradient of the input: what each window that holds this cell sends to it.

    A max pooling sends all of g to its winner and nothing to the rest; an average sends g / n to each.
    """
    *lead, a, b = index
    terms = []
    for i, j in windows_of(call, a, b):
        g = product(("g", grad_output, "grad_output", (*lead, i, j)))
        if call.name == "max_pool2d":
            won = winner(call, tuple(lead), i, j) == (a, b)
            terms.append(passed(g, "won", won, "input", index, "winner" if won else ""))
        else:
            terms.append(_with(g, Factor("1/n", 1 / divisor(call, i, j))))
    return total(which, index, MAX_GRADIENT if call.name == "max_pool2d" else MEAN_GRADIENT, terms, grad)


def _with(term: Term, factor: Factor, note: str = "") -> Term:
    return Term((*term.factors, factor), term.value * factor.value, note)


def axes(call: Call) -> tuple[Axis, Axis]:
    """Return the vertical and the horizontal window; the stride is the kernel where none is given."""
    x = call.tensors["input"]
    kernel = pair(call.options["kernel_size"])
    stride, padding = pair(call.options.get("stride") or kernel), pair(call.options.get("padding", 0))
    dilation = pair(call.options.get("dilation", 1))
    vertical, horizontal = (
        Axis(x.shape[d], call.output.shape[d], kernel[d], stride[d], dilation[d], padding[d]) for d in (-2, -1)
    )
    return vertical, horizontal


def window(call: Call, i: int, j: int) -> list[Cell]:
    """Return the input cells in the window of output (i, j), row by row, without the padding."""
    if call.name == "adaptive_avg_pool2d":
        height, width = call.tensors["input"].shape[-2:]
        rows = adaptive_window(i, height, call.output.shape[-2])
        return list(itertools.product(rows, adaptive_window(j, width, call.output.shape[-1])))
    vertical, horizontal = axes(call)
    rows_in = [a for _, a in vertical.window(i) if vertical.inside(a)]
    return list(itertools.product(rows_in, [b for _, b in horizontal.window(j) if horizontal.inside(b)]))


def windows_of(call: Call, a: int, b: int) -> list[Cell]:
    """Return the output cells whose window holds input cell (a, b)."""
    if call.name != "adaptive_avg_pool2d":
        vertical, horizontal = axes(call)
        return [(i, j) for (i, _), (j, _) in itertools.product(vertical.uses(a), horizontal.uses(b))]
    (height, width), (rows, columns) = call.tensors["input"].shape[-2:], call.output.shape[-2:]
    return [
        (i, j)
        for i, j in itertools.product(range(rows), range(columns))
        if a in adaptive_window(i, height, rows) and b in adaptive_window(j, width, columns)
    ]


def winner(call: Call, lead: tuple[int, ...], i: int, j: int) -> Cell | None:
    """Return the cell that wins window (i, j): the greatest, the first of equals, a NaN before any number.

    Which of several NaNs wins is torch's choice, see ``last_nan_wins``.
    None when dilation lets every cell of the window fall into the padding; torch's value is then -inf.
    """
    x = call.tensors["input"]
    cells = window(call, i, j)
    nans = [cell for cell in cells if math.isnan(x[(*lead, *cell)].item())]
    if nans:
        return nans[-1 if last_nan_wins() else 0]
    return max(cells, key=lambda cell: float(x[(*lead, *cell)].item()), default=None)


@cache
def last_nan_wins() -> bool:
    """Ask torch which of two NaNs in one window a max pooling sends the gradient to."""
    nans = torch.full((1, 1, 2), math.nan)
    return F.max_pool2d(nans, (1, 2), return_indices=True)[1].item() == 1


def divisor(call: Call, i: int, j: int) -> int:
    """Return the n that the window's sum is divided by.

    The cells of the window, those in the padding included unless ``count_include_pad`` is False; a window
    that ``ceil_mode`` lets hang over the padding counts only up to its end. ``divisor_override`` beats both.
    Source: PyTorch, ``aten/src/ATen/native/cpu/AvgPoolKernel.cpp``.
    """
    if call.options.get("divisor_override"):
        return int(call.options["divisor_override"])
    if call.name == "adaptive_avg_pool2d" or not call.options.get("count_include_pad", True):
        return len(window(call, i, j))
    count = 1
    for axis, o in zip(axes(call), (i, j), strict=True):
        start = axis.position(o, 0)
        count *= min(start + axis.kernel_size, axis.size + axis.before) - start
    return count
