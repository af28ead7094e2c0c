"""``pad`` in all its modes, and ``interpolate`` with mode="nearest": each output cell copies one of the input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import N_
from core.ops.dims import every, letters, outside
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, each, lookup, operation
from core.ops.records import Call


def padded(call: Call) -> IndexRule | None:
    """y[i] = x[i - before], and outside of x the value, or x reflected, repeated at its end or from its start"""
    x, pads, mode = call.tensors["input"], list(call.options["pad"]), call.options.get("mode", "constant")
    names = letters(x.dim())
    dims: list[Dim] = []
    for d, size in enumerate(x.shape):
        k = 2 * (x.dim() - 1 - d)
        before, after = (pads[k], pads[k + 1]) if k < len(pads) else (0, 0)
        places = np.arange(-before, size + after)
        table = outside(places, size, mode)
        dims.append(lookup((names[d],), table, f"{names[d]}-{before}" if before else names[d], skip=True))
    output = every(call.output.shape)
    products = [Product(output, (Cells("input", "x", tuple(dims)),))]
    fill = float(call.options.get("value") or 0.0)
    if mode == "constant":
        fills = np.ones(tuple(call.output.shape), bool)
        fills[np.ix_(*(np.flatnonzero(dim.table >= 0) for dim in dims))] = False
        products.append(Product(output, (constant("v", np.where(fills, fill, 0.0), output),)))
    return IndexRule(tuple(products))


def enlarged(call: Call) -> IndexRule | None:
    """y[..., i] = x[..., ⌊i·scale⌋]"""
    if call.options.get("mode", "nearest") != "nearest":
        return None
    x, y = call.tensors["input"], call.output
    scales = call.options.get("scale_factor")
    again = call.options.get("recompute_scale_factor")
    dims: list[Dim] = []
    for d, (name, size, out) in enumerate(zip(letters(x.dim()), x.shape, y.shape, strict=True)):
        if d < 2:
            dims.append(each(name, size))
            continue
        given = scales[d - 2] if isinstance(scales, tuple | list) else scales
        step = np.float32(size / out if given is None or again else 1 / given)  # torch multiplies in float32
        table = _nearest(out, step, size)
        if (table != _nearest(out, np.float32(size / out), size)).any():
            return None  # torch's gradient may go by the sizes, though its value goes by the scale
        dims.append(lookup((name,), table, rf"\lfloor {step:.4g}\,{name} \rfloor"))
    return IndexRule((Product(every(y.shape), (Cells("input", "x", tuple(dims)),)),))


def _nearest(out: int, step: np.float32, size: int) -> NDArray[np.int64]:
    """Return for each of ``out`` cells the one that it copies."""
    return np.asarray(np.minimum(np.floor(np.arange(out, dtype=np.float32) * step), size - 1), dtype=np.int64)


OPERATIONS = (
    operation(
        "pad",
        rule=padded,
        meaning=N_("Adds cells around the tensor: a constant, or copies of its own cells."),
        nodes={
            "ConstantPadNdBackward": N_("The cells that were added are cut off the gradient."),
            **dict.fromkeys(
                [f"{kind}Pad{n}DBackward" for kind in ("Reflection", "Replication") for n in (1, 2, 3)],
                N_("Each cell gets the sum of g over its copies."),
            ),
        },
    ),
    operation(
        "interpolate",
        rule=enlarged,
        meaning=N_("Makes the picture larger or smaller; with nearest, each cell copies one of the input."),
        nodes=dict.fromkeys(
            [f"UpsampleNearest{n}DBackward" for n in (1, 2, 3)], N_("Each cell gets the sum of g over its copies.")
        ),
    ),
)
