"""``cat`` and ``stack``: tensors one after the other, along a dimension that is there or a new one."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import every
from core.ops.index_rule import Cells, IndexRule, Product, at, each, operation
from core.ops.records import Call


def concatenated(call: Call) -> IndexRule:
    """y[..., offset_m + i, ...] = x^(m)[..., i, ...]"""
    dim, offset, products = int(call.options.get("dim", 0)), 0, []
    for number, (name, tensor) in enumerate(call.tensors.items()):
        if tensor.dim() != call.output.dim():
            continue  # torch lets an empty vector stand among the others
        own = list(every(tensor.shape))
        output, size, letter = [*own], tensor.shape[dim], own[dim].variables[0]
        output[dim] = each(letter, size, f"{offset}+{letter}" if offset else letter, start=offset)
        products.append(Product(tuple(output), (Cells(name, f"x^{{({number})}}", tuple(own)),)))
        offset += size
    return IndexRule(tuple(products))


def stacked(call: Call) -> IndexRule:
    """y[..., m, ...] = x^(m)[...]"""
    dim, products = int(call.options.get("dim", 0)) % call.output.dim(), []
    for number, (name, tensor) in enumerate(call.tensors.items()):
        own = every(tensor.shape)
        products.append(Product((*own[:dim], at(number), *own[dim:]), (Cells(name, f"x^{{({number})}}", own),)))
    return IndexRule(tuple(products))


OPERATIONS = (
    operation(
        "cat",
        "concat",
        "concatenate",
        rule=concatenated,
        meaning=N_("Tensors one after the other along a dimension."),
        nodes={"CatBackward": N_("A concatenation: each part gets its piece of the gradient.")},
    ),
    operation(
        "stack",
        rule=stacked,
        meaning=N_("Tensors of one shape side by side along a new dimension."),
        nodes={"StackBackward": N_("Each of the stacked tensors gets its piece of the gradient.")},
    ),
)
