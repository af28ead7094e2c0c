"""``permute``, ``transpose``, ``t``: the dimensions in another order."""

from __future__ import annotations

from typing import Any

from core.errors import N_, InvalidSetting
from core.ops.dims import every
from core.ops.entries import SHAPE, arrow, dimensions
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, operation
from core.ops.operator import Argument, Formula, Surprise, Values, dimension, of_x


def order(call: Call) -> list[int]:
    """Return for each dimension of the output which dimension of the input it is."""
    count = call.tensors["input"].dim()
    if call.name == "permute":
        dims = call.options["dims"]
        return [int(dim) % count for dim in ((dims,) if isinstance(dims, int) else dims)]
    dims = list(range(count))
    if call.name == "T":
        return dims[::-1]
    if count < 2:
        return dims
    named = ("dim0", "dim1") if "dim0" in call.options else ("axis0", "axis1")
    ends = [int(call.options[name]) % count for name in named] if named[0] in call.options else [-2, -1]
    dims[ends[0]], dims[ends[1]] = dims[ends[1]], dims[ends[0]]
    return dims


def rule(call: Call) -> IndexRule:
    """y[k, i, j] = x[i, j, k]"""
    dims = every(call.tensors["input"].shape)
    return IndexRule((Product(tuple(dims[dim] for dim in order(call)), (Cells("input", "x", dims),)),))


def _swapped(values: Values) -> Formula:
    shape = values["shape"]
    ends = [dimension(values, name, len(shape)) for name in ("dim0", "dim1")]
    output = list(shape)
    output[ends[0]], output[ends[1]] = output[ends[1]], output[ends[0]]
    rule = r"(\dots, d_a, \dots, d_b, \dots) \to (\dots, d_b, \dots, d_a, \dots)"
    return Formula((rule, arrow(shape, tuple(output))), tuple(output))


def _dims(values: Values) -> Any:
    """Return the order as the program writes it: a single dimension is an order of one."""
    return (values["dims"],) if isinstance(values["dims"], int) else values["dims"]


def _permuted(values: Values) -> Formula:
    shape = values["shape"]
    if values["dims"] is None or len(dims := dimensions(values, "dims", len(shape))) != len(shape):
        raise InvalidSetting(
            N_("dims names each of the {count} dimensions once, unlike {dims}"),
            count=len(shape),
            dims=values["dims"],
        )
    output = tuple(shape[dim] for dim in dims)
    return Formula((r"(d_0, \dots) \to (d_{p_0}, \dots), \quad p = \mathtt{dims}", arrow(shape, output)), output)


TRANSPOSE = of_x(
    "torch.transpose",
    "shapes",
    "torch.transpose(input, dim0, dim1)",
    N_("Two dimensions change places; nothing is copied."),
    (SHAPE, Argument("dim0", "int", 0, -3, 3), Argument("dim1", "int", 1, -3, 3)),
    lambda values: f"torch.transpose(x, {values['dim0']}, {values['dim1']})",
    _swapped,
    ("dim0", "dim1"),
    keywords="t mT swapaxes 转置",
)
PERMUTE = of_x(
    "torch.permute",
    "shapes",
    "torch.permute(input, dims)",
    N_("All dimensions in another order; nothing is copied."),
    (
        Argument("shape", "shape", "2, 3, 2", examples=("2, 3", "4")),
        Argument("dims", "sizes", "2, 0, 1", examples=("1, 0", "0, 2, 1", "-1, 0, 1", "0, 0, 1", "0")),
    ),
    lambda values: f"torch.permute(x, {_dims(values)})",
    _permuted,
    ("dims",),
    Surprise(
        N_("An image of shape (H, W, C) should become (C, H, W). Does reshape(C, H, W) do it?"),
        {"yes": N_("yes, the shape is right"), "no": N_("no, it mixes colours and pixels")},
        "no",
        "import torch\n\nimage = torch.tensor([[[1, 10], [2, 20]], [[3, 30], [4, 40]]])  # channels n, 10n\n"
        "print('permute', image.permute(2, 0, 1).tolist())\nprint('reshape', image.reshape(2, 2, 2).tolist())\n",
        N_("reshape reads the numbers in the order of memory, whatever they mean. permute moves dimensions."),
    ),
    keywords="order axes channels 维度 换位",
)
TURNED = N_("The dimensions change places; the gradient's change back.")
OPERATIONS = (
    operation(
        "permute",
        "transpose",
        "swapaxes",
        "swapdims",
        "t",
        "T",
        "mT",
        rule=rule,
        operators=(TRANSPOSE, PERMUTE),
        meaning=N_("The same numbers with the dimensions in another order; nothing is copied."),
        nodes={
            "TBackward": N_(
                "A transpose: nn.Linear keeps W as (out, in) and multiplies by Wᵀ. Turns the gradient back."
            ),
            "TransposeBackward": TURNED,
            "PermuteBackward": TURNED,
        },
    ),
)
