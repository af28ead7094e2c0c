"""``conv_transpose1d`` to ``conv_transpose3d``: each input cell lays its kernel down, scaled by its number."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import IN, OUT, sides, window
from core.ops.index_rule import Cells, IndexRule, Product, each, operation, parts
from core.ops.records import Call
from core.windows.axis import Axis


def rule(call: Call) -> IndexRule:
    """y[n, o, i·s + u·d - p] = Σ_{c} x[n, c, i] w[c, o, u] + b[o]: a convolution's rule, its ends exchanged."""
    x, weight, y = call.tensors["input"], call.tensors["weight"], call.output
    kernel, groups = tuple(weight.shape[2:]), int(call.options.get("groups", 1))
    count = len(kernel)
    stride, dilation = (sides(call.options.get(name, 1), count) for name in ("stride", "dilation"))
    padding = sides(call.options.get("padding", 0), count)
    sizes = zip(y.shape[-count:], x.shape[-count:], kernel, stride, dilation, padding, strict=True)
    axes = [Axis(*facts) for facts in sizes]
    lead = (each("n", x.shape[0]),) if x.dim() == count + 2 else ()
    outs, inner = parts("g", "o", groups, weight.shape[1]), parts("g", "c", groups, weight.shape[0] // groups)
    landed = tuple(window(axis, i, u) for axis, i, u in zip(axes, OUT, IN, strict=False))
    places = tuple(each(i, size) for i, size in zip(OUT, x.shape[-count:], strict=False))
    kernels = tuple(each(u, size) for u, size in zip(IN, kernel, strict=False))
    weights = Cells("weight", "w", (inner, each("o", weight.shape[1]), *kernels))
    products = [Product((*lead, outs, *landed), (Cells("input", "x", (*lead, inner, *places)), weights))]
    if "bias" in call.tensors:
        whole = tuple(each(i, size) for i, size in zip(OUT, y.shape[-count:], strict=False))
        products.append(Product((*lead, outs, *whole), (Cells("bias", "b", (outs,)),)))
    return IndexRule(tuple(products))


MEANING = N_("Each number of the input lays the kernel down, scaled by it; where kernels overlap, they add up.")
OPERATIONS = (operation("conv_transpose1d", "conv_transpose2d", "conv_transpose3d", rule=rule, meaning=MEANING),)
