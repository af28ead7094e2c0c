"""``cat`` and ``stack``: tensors one after the other, along a dimension that is there or a new one."""

from __future__ import annotations

from core.errors import N_, InvalidSetting
from core.ops.dims import every
from core.ops.entries import of_several
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, at, each, operation
from core.ops.operator import Argument, Shape, Surprise, Values, dimension


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


def _joined(values: Values) -> tuple[str, Shape]:
    first, second = values["shape"], values["other"]
    if len(first) != len(second):
        raise InvalidSetting(
            N_("shapes {first} and {second} differ in their dimensions"), first=first, second=second
        )
    dim = dimension(values, "dim", len(first))
    if any(a != b for d, (a, b) in enumerate(zip(first, second, strict=True)) if d != dim):
        raise InvalidSetting(
            N_("shapes {first} and {second} may differ in dimension {dim} alone"),
            first=first,
            second=second,
            dim=dim,
        )
    output = (*first[:dim], first[dim] + second[dim], *first[dim + 1 :])
    return r"(\dots, a, \dots),\,(\dots, b, \dots) \to (\dots, a + b, \dots)", output


def _piled(values: Values) -> tuple[str, Shape]:
    first, second = values["shape"], values["other"]
    if first != second:
        raise InvalidSetting(N_("shapes {first} and {second} are not the same"), first=first, second=second)
    dim = dimension(values, "dim", len(first), extra=1)
    return r"(*),\,(*) \to (\dots, 2, \dots)", (*first[:dim], 2, *first[dim:])


JOINS = N_("Tensors one after the other along a dimension.")
CAT = of_several(
    "cat",
    "torch.cat(tensors, dim=0)",
    JOINS,
    Argument("dim", "int", 0, -3, 3),
    _joined,
    keywords="concat concatenate join 拼接",
)
PILES = N_("Tensors of one shape side by side along a new dimension.")
STACK = of_several(
    "stack",
    "torch.stack(tensors, dim=0)",
    PILES,
    Argument("dim", "int", 0, -4, 4),
    _piled,
    Surprise(
        N_("Two images of shape (1, 28, 28). Which of the two makes a batch of them, (2, 1, 28, 28)?"),
        {"cat": "torch.cat", "stack": "torch.stack", "both": N_("both")},
        "stack",
        "import torch\n\na, b = torch.zeros(1, 28, 28), torch.ones(1, 28, 28)\n"
        "print('cat  ', torch.cat((a, b)).shape)\nprint('stack', torch.stack((a, b)).shape)\n",
        N_("cat makes a dimension longer: here one image with two channels. stack makes a new dimension."),
    ),
    keywords="batch 堆叠",
)
OPERATIONS = (
    operation(
        "cat",
        "concat",
        "concatenate",
        rule=concatenated,
        operators=(CAT,),
        meaning=JOINS,
        nodes={"CatBackward": N_("A concatenation: each part gets its piece of the gradient.")},
    ),
    operation(
        "stack",
        rule=stacked,
        operators=(STACK,),
        meaning=PILES,
        nodes={"StackBackward": N_("Each of the stacked tensors gets its piece of the gradient.")},
    ),
)
