"""``sum`` and ``mean``, over all dimensions or some; and ``expand``, which is a sum read backwards."""

from __future__ import annotations

import math

from core.errors import N_
from core.ops.dims import broadcast, every
from core.ops.index_rule import Cells, IndexRule, Product, at, constant, operation
from core.ops.records import Call


def rule(call: Call) -> IndexRule:
    """y[i] = Σ_j x[i, j], divided by their number for a mean"""
    x, dims = call.tensors["input"], call.options.get("dim")
    given = range(x.dim()) if dims is None or dims == () else (dims,) if isinstance(dims, int) else dims
    gone = {int(d) % max(x.dim(), 1) for d in given}
    own = every(x.shape)
    keep = bool(call.options.get("keepdim", False))
    output = [at(0) if d in gone else dim for d, dim in enumerate(own) if keep or d not in gone]
    n = math.prod(x.shape[d] for d in gone if d < x.dim())
    share = [constant("1/n", 1 / n)] if call.name == "mean" and n else []
    return IndexRule((Product(tuple(output), (Cells("input", "x", own), *share)),))


def repeated(call: Call) -> IndexRule:
    """y[i, j] = x[j], x being broadcast to the shape"""
    output = every(call.output.shape)
    return IndexRule((Product(output, (Cells("input", "x", broadcast(call.tensors["input"].shape, output)),)),))


OPERATIONS = (
    operation(
        "sum",
        rule=rule,
        meaning=N_("Adds up the numbers along the dimensions that you name, or all of them."),
        nodes={"SumBackward": N_("A sum: every element gets g.")},
    ),
    operation(
        "mean",
        rule=rule,
        meaning=N_("The mean along the dimensions that you name, or of all numbers."),
        nodes={"MeanBackward": N_("A mean of n numbers: each gets g / n.")},
    ),
    operation(
        "expand",
        "expand_as",
        "broadcast_to",
        rule=repeated,
        meaning=N_("Repeats dimensions of size 1 without copying a number."),
        nodes={"ExpandBackward": N_("A repetition: the gradients of all repetitions are added up.")},
    ),
)
