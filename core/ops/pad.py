"""``pad`` in all its modes, and ``interpolate`` with mode="nearest": each output cell copies one of the input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import N_, InvalidSetting
from core.ops.dims import every, letters, outside
from core.ops.entries import SHAPE, arrow
from core.ops.explanation import Call
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, each, lookup, operation
from core.ops.operator import Argument, Formula, Surprise, Values, check_dims, of_x, small


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
        scale = scales[d - 2] if isinstance(scales, tuple | list) else scales
        step = np.float32(size / out if scale is None or again else 1 / scale)  # torch multiplies in float32
        table = _nearest(out, step, size)
        if (table != _nearest(out, np.float32(size / out), size)).any():
            return None  # torch's gradient may go by the sizes, though its value goes by the scale
        dims.append(lookup((name,), table, rf"\lfloor {step:.4g}\,{name} \rfloor"))
    return IndexRule((Product(every(y.shape), (Cells("input", "x", tuple(dims)),)),))


def _nearest(out: int, step: np.float32, size: int) -> NDArray[np.int64]:
    """Return for each of ``out`` cells the one that it copies."""
    return np.asarray(np.minimum(np.floor(np.arange(out, dtype=np.float32) * step), size - 1), dtype=np.int64)


def _pads(values: Values) -> tuple[int, ...]:
    """Return the numbers of cells; refuse what is no pair for each of the last dimensions."""
    pads, shape = values["pad"], values["shape"]
    if not isinstance(pads, tuple) or not all(isinstance(each, int) for each in pads) or len(pads) % 2:
        raise InvalidSetting(
            N_("pad takes two numbers for each dimension, from the last one on, not {pad}"), pad=pads
        )
    if len(pads) > 2 * len(shape):
        raise InvalidSetting(
            N_("pad has {count} pairs, and x only {dims} {dims:dimension|dimensions}"),
            count=len(pads) // 2,
            dims=len(shape),
        )
    return pads


def _pad_formula(values: Values) -> Formula:
    pads, output = _pads(values), list(values["shape"])
    for k, added in enumerate(zip(pads[::2], pads[1::2], strict=True)):
        output[-1 - k] += sum(added)
        if output[-1 - k] < 0 or min(added) < -values["shape"][-1 - k]:
            raise InvalidSetting(
                N_("{cells} {cells:cell|cells} cannot be cut off a dimension of {size}"),
                cells=-sum(added),
                size=values["shape"][-1 - k],
            )
    rule = r"(\dots, d_{-2}, d_{-1}) \to (\dots, d_{-2} + p_2 + p_3, d_{-1} + p_0 + p_1)"
    return Formula((rule, arrow(values["shape"], tuple(output))), small(tuple(output)))


ADDS = N_("Adds cells around the tensor: a constant, or copies of its own cells.")
PAD = of_x(
    "torch.nn.functional.pad",
    "shapes",
    "F.pad(input, pad, value=None)",
    N_("Adds cells of a constant around the tensor; numbers below 0 cut cells off."),
    (
        SHAPE,
        Argument("pad", "sizes", "1, 1", examples=("1, 0", "0, 2", "1, 1, 1, 1", "-1, 0", "1, 1, 1")),
        Argument("value", "float", 0.0, -2.0, 2.0),
    ),
    lambda values: f"F.pad(x, {values['pad']}, value={values['value']})",
    _pad_formula,
    ("pad", "value"),
    Surprise(
        N_("x has shape (2, 3). Where does F.pad(x, (1, 0)) add a cell?"),
        {"above": N_("a row above"), "left": N_("a cell at the left of each row")},
        "left",
        "import torch\nimport torch.nn.functional as F\n\nx = torch.ones(2, 3)\nprint(F.pad(x, (1, 0)))\n"
        "print(F.pad(x, (0, 0, 1, 0)))\n",
        N_("The pairs begin with the last dimension: before and after in a row, then above and below."),
    ),
    keywords="border zeros constant 填充",
)


def _enlarged_formula(values: Values) -> Formula:
    shape, size = values["shape"], values["size"]
    check_dims(shape, (3, 4, 5))
    count = len(shape) - 2
    sizes = size if isinstance(size, tuple) else (size,) * count
    if len(sizes) != count or not all(isinstance(each, int) and each > 0 for each in sizes):
        raise InvalidSetting(N_("size takes one number above 0, or one for each side, not {size}"), size=size)
    output = (*shape[:2], *sizes)
    return Formula((r"(N, C, \dots) \to (N, C, \texttt{size})", arrow(shape, output)), output)


COPIES = N_("Makes the picture larger or smaller; with nearest, each cell copies one of the input.")
INTERPOLATE = of_x(
    "torch.nn.functional.interpolate",
    "pooling",
    "F.interpolate(input, size)",
    COPIES,
    (
        Argument("shape", "shape", "1, 1, 2, 2", examples=("1, 2, 3", "1, 1, 3, 4", "2, 3")),
        Argument("size", "sizes", "4, 4", examples=("3", "2, 3", "1", "5, 5, 5", "0, 2")),
    ),
    lambda values: f"F.interpolate(x, size={values['size']})",
    _enlarged_formula,
    keywords="upsample resize nearest 放大 缩放",
)
OPERATIONS = (
    operation(
        "pad",
        rule=padded,
        operators=(PAD,),
        meaning=ADDS,
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
        operators=(INTERPOLATE,),
        meaning=COPIES,
        nodes=dict.fromkeys(
            [f"UpsampleNearest{n}DBackward" for n in (1, 2, 3)], N_("Each cell gets the sum of g over its copies.")
        ),
    ),
)
