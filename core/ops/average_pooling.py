"""``avg_pool1d`` to ``avg_pool3d`` and the adaptive ones: the mean of each window."""

from __future__ import annotations

from functools import reduce

import numpy as np

from core.errors import N_
from core.ops.dims import IN, OUT, leading, sides, window
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, each, lookup, operation
from core.ops.records import Call
from core.ops.whole import Array
from core.windows.axis import Axis, adaptive_window


def rule(call: Call) -> IndexRule:
    """y[..., i] = 1/n Σ_u x[..., i·s + u - p], without the cells of the padding"""
    count = int(call.name[-2])
    x, y = call.tensors["input"], call.output
    found = _windows(call)
    lead = leading(x.shape[:-count])
    places = tuple(each(i, size) for i, size in zip(OUT, y.shape[-count:], strict=False))
    n = _divided(call, found)
    cells = Cells("input", "x", (*lead, *(dim for dim, _ in found)))
    return IndexRule((Product((*lead, *places), (cells, constant("1/n", 1 / n, places))),))


def divisors(call: Call) -> Array:
    """Return the n of every window.

    Its cells, those in the padding included unless ``count_include_pad`` is False; a window that ``ceil_mode`` lets
    hang over the padding counts only up to its end. ``divisor_override`` beats both.
    Source: PyTorch, ``aten/src/ATen/native/cpu/AvgPoolKernel.cpp``.
    """
    return _divided(call, _windows(call))


def _divided(call: Call, found: list[tuple[Dim, Array]]) -> Array:
    n = np.asarray(reduce(np.multiply.outer, [numbers for _, numbers in found]))
    return np.full(n.shape, float(call.options["divisor_override"])) if call.options.get("divisor_override") else n


def _windows(call: Call) -> list[tuple[Dim, Array]]:
    return (_adaptive if call.name.startswith("adaptive") else _sliding)(call, int(call.name[-2]))


def _adaptive(call: Call, count: int) -> list[tuple[Dim, Array]]:
    """Return each side's windows and their lengths."""
    found = []
    for size, out, i, u in zip(
        call.tensors["input"].shape[-count:], call.output.shape[-count:], OUT, IN, strict=False
    ):
        windows = [list(adaptive_window(o, size, out)) for o in range(out)]
        longest = max(map(len, windows))
        table = np.asarray([[*each_, *[-1] * (longest - len(each_))] for each_ in windows])
        text = rf"\lfloor {size}{i}/{out} \rfloor+{u}"
        found.append((lookup((i, u), table, text, skip=True), (table >= 0).sum(1).astype(np.float64)))
    return found


def _sliding(call: Call, count: int) -> list[tuple[Dim, Array]]:
    """Return each side's windows, and how many cells count: with the padding or without it."""
    kernel = sides(call.options["kernel_size"], count)
    stride = sides(call.options.get("stride") or kernel, count)
    padding = sides(call.options.get("padding", 0), count)
    found = []
    for d, (i, u) in enumerate(zip(OUT[:count], IN, strict=False)):
        size, out = call.tensors["input"].shape[d - count], call.output.shape[d - count]
        axis = Axis(size, out, kernel[d], stride[d], 1, padding[d])
        dim = window(axis, i, u, skip=True)
        start = np.arange(out) * stride[d] - padding[d]
        whole = np.minimum(start + kernel[d], size + padding[d]) - start  # ceil_mode: not beyond the padding
        inside = (dim.table >= 0).sum(1)
        found.append((dim, np.asarray(whole if call.options.get("count_include_pad", True) else inside, float)))
    return found


SHARED = N_("An average: every cell of a window gets an equal share of its gradient.")
SIDES = (1, 2, 3)
OPERATIONS = (
    operation(
        *(f"avg_pool{n}d" for n in SIDES),
        rule=rule,
        meaning=N_("Keeps the mean of each window."),
        nodes={f"AvgPool{n}DBackward": SHARED for n in SIDES},
    ),
    operation(
        *(f"adaptive_avg_pool{n}d" for n in SIDES),
        rule=rule,
        meaning=N_("Chooses its windows so that the output gets the size you ask for, and keeps each mean."),
        nodes={f"AdaptiveAvgPool{n}DBackward": SHARED for n in SIDES},
    ),
)
