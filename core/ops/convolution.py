"""``conv1d``, ``conv2d`` and ``conv3d``: y = Σ x·w + b over each window. Any number of sides, groups included."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import IN, OUT, before, sides, window
from core.ops.index_rule import Cells, IndexRule, Product, each, operation, parts
from core.ops.records import Call
from core.windows.axis import Axis


def rule(call: Call) -> IndexRule:
    """y[n, o, i] = Σ_{c,u} x[n, c, i·s + u·d - p] w[o, c, u] + b[o]; in groups, o and c are of the same one."""
    x, weight = call.tensors["input"], call.tensors["weight"]
    kernel, groups = tuple(weight.shape[2:]), int(call.options.get("groups", 1))
    count = len(kernel)
    stride, dilation = (sides(call.options.get(name, 1), count) for name in ("stride", "dilation"))
    padding = before(call.options.get("padding", 0), kernel, dilation)
    axes = [
        Axis(*facts)
        for facts in zip(
            x.shape[-count:], call.output.shape[-count:], kernel, stride, dilation, padding, strict=True
        )
    ]
    lead = (each("n", x.shape[0]),) if x.dim() == count + 2 else ()
    outs, inner = parts("g", "o", groups, weight.shape[0] // groups), each("c", weight.shape[1])
    places = tuple(each(i, size) for i, size in zip(OUT, call.output.shape[-count:], strict=False))
    windows = tuple(window(axis, i, u) for axis, i, u in zip(axes, OUT, IN, strict=False))
    kernels = tuple(each(u, size) for u, size in zip(IN, kernel, strict=False))
    cells = Cells("input", "x", (*lead, parts("g", "c", groups, weight.shape[1]), *windows))
    weights = Cells("weight", "w", (outs, inner, *kernels))
    products = [Product((*lead, outs, *places), (cells, weights))]
    if "bias" in call.tensors:
        products.append(Product((*lead, outs, *places), (Cells("bias", "b", (outs,)),)))
    return IndexRule(tuple(products))


MEANING = N_(
    "A small window slides over the input; at each place, input times kernel is added up, then the bias. "
    "Each output channel has a kernel of its own."
)
OPERATIONS = (
    operation(
        "conv1d",
        "conv2d",
        "conv3d",
        rule=rule,
        meaning=MEANING,
        nodes={
            "ConvolutionBackward": N_(
                "A convolution. The gradient of its input is g spread through the kernel; the kernel's own is the "
                "input weighted by g; the bias takes the sum of g."
            )
        },
    ),
)
