"""``linear``: y = x Wᵀ + b."""

from __future__ import annotations

from core.errors import N_
from core.ops.index_rule import Cells, IndexRule, Product, each, operation
from core.ops.records import Call


def rule(call: Call) -> IndexRule:
    """y[..., j] = Σ_k x[..., k] W[j, k] + b[j]"""
    x, weight = call.tensors["input"], call.tensors["weight"]
    lead = tuple(each(f"n_{k}", size) for k, size in enumerate(x.shape[:-1]))  # every row by itself
    j, k = each("j", weight.shape[0]), each("k", weight.shape[1])
    products = [Product((*lead, j), (Cells("input", "x", (*lead, k)), Cells("weight", "w", (j, k))))]
    if "bias" in call.tensors:
        products.append(Product((*lead, j), (Cells("bias", "b", (j,)),)))
    return IndexRule(tuple(products))


OPERATIONS = (
    operation(
        "linear",
        rule=rule,
        meaning=N_("Every output is a weighted sum of all inputs plus a bias: x·Wᵀ + b."),
        nodes={
            "AddmmBackward": N_(
                "addmm is b + x·Wᵀ: what nn.Linear does to a batch. Sends the sum of g over the batch to b, "
                "g·W to x, and xᵀ·g to Wᵀ."
            ),
            "LinearBackward": N_(
                "x·Wᵀ, with b if there is one. Sends g·W to x, gᵀ·x to W, and the sum of g over the batch to b."
            ),
        },
    ),
)
