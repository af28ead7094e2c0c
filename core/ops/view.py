"""``view``, ``reshape``, ``flatten``, ``squeeze``, ``unsqueeze``: the same numbers in another shape."""

from __future__ import annotations

from core.errors import N_
from core.ops.index_rule import Cells, IndexRule, Product, each, operation
from core.ops.records import Call


def rule(call: Call) -> IndexRule:
    """y_k = x_k, k being the place in row-major order"""
    k = each("k", call.output.numel())
    return IndexRule((Product((k,), (Cells("input", "x", (k,)),)),), flat=True)


SHAPE = N_("A new shape on the same numbers: the gradient gets the old shape back.")
OPERATIONS = (
    operation(
        "view",
        "reshape",
        "unflatten",
        "view_as",
        "reshape_as",
        rule=rule,
        meaning=N_("The same numbers in the same memory, with another shape."),
        nodes=dict.fromkeys(("ViewBackward", "ReshapeAliasBackward", "UnsafeViewBackward"), SHAPE),
    ),
    operation("flatten", rule=rule, meaning=N_("The same numbers with several dimensions made into one.")),
    operation(
        "unsqueeze",
        rule=rule,
        nodes={"UnsqueezeBackward": N_("A dimension of size 1 was added; the gradient loses it again.")},
    ),
    operation(
        "squeeze",
        rule=rule,
        nodes={"SqueezeBackward": N_("A dimension of size 1 was dropped; the gradient gets it back.")},
    ),
)
