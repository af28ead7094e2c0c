"""``permute``, ``transpose``, ``t``: the dimensions in another order."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import every
from core.ops.index_rule import Cells, IndexRule, Product, operation
from core.ops.records import Call


def order(call: Call) -> list[int]:
    """Return for each dimension of the output which dimension of the input it is."""
    count = call.tensors["input"].dim()
    if call.name == "permute":
        return [int(dim) % count for dim in call.options["dims"]]
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
