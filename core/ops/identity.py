"""``contiguous``, ``clone``, ``detach``, ``to`` and its relatives: the same numbers in another place or dtype."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import every
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, operation


def rule(call: Call) -> IndexRule:
    """y = x; converted to the dtype of y, which may round"""
    dims = every(call.output.shape)
    return IndexRule((Product(dims, (Cells("input", "x", dims),)),))


OPERATIONS = (
    operation(
        "clone",
        "contiguous",
        rule=rule,
        meaning=N_("The same numbers in memory of their own; contiguous copies only where it must."),
        nodes={"CloneBackward": N_("A copy: sends g unchanged.")},
    ),
    operation(
        "detach",
        rule=rule,
        meaning=N_("The same numbers, cut off from the graph: no gradient goes back through here."),
    ),
    operation(
        "to",
        "float",
        "double",
        "half",
        "bfloat16",
        "type_as",
        rule=rule,
        meaning=N_("The same numbers on another device or in another dtype."),
        nodes={"ToCopyBackward": N_("A copy to another device or dtype: sends g, converted back.")},
    ),
)
