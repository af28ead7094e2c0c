"""``add``, ``sub``, ``mul`` and ``neg``, with broadcasting: dimensions of size 1 are repeated."""

from __future__ import annotations

from torch import Tensor

from core.errors import N_
from core.ops.dims import broadcast, every
from core.ops.explanation import Call
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, operation
from core.ops.operator import Surprise, of_two


def operand(call: Call, name: str, symbol: str, output: tuple[Dim, ...]) -> Cells:
    """Return the cells of a tensor that is broadcast to ``output``, or a number as it was given."""
    if name in call.tensors:
        return Cells(name, symbol, broadcast(call.tensors[name].shape, output))
    return constant(symbol, float(call.options[name]))


def _is_known(call: Call) -> bool:
    other = call.tensors.get("other", call.options.get("other", 0))
    return "other" in call.tensors or (isinstance(other, int | float) and not isinstance(other, Tensor))


def _sum(call: Call, of_input: float, of_other: float, scaled: str = "other") -> IndexRule | None:
    """y = a·x + b·other; the option ``alpha`` multiplies the tensor that is subtracted, ``scaled``."""
    if not _is_known(call):
        return None
    output, alpha = every(call.output.shape), float(call.options.get("alpha", 1))
    sides = tuple(
        (name, symbol, of * alpha if name == scaled else of)
        for name, symbol, of in (("input", "x", of_input), ("other", "z", of_other))
    )
    return IndexRule(
        tuple(
            Product(output, (operand(call, name, symbol, output), *([] if of == 1 else [constant(f"{of:g}", of)])))
            for name, symbol, of in sides
        )
    )


def _product(call: Call) -> IndexRule | None:
    """y = x·other"""
    output = every(call.output.shape)
    cells = (operand(call, "input", "x", output), operand(call, "other", "z", output)) if _is_known(call) else ()
    return IndexRule((Product(output, cells),)) if cells else None


def _negative(call: Call) -> IndexRule:
    """y = -x"""
    output = every(call.output.shape)
    return IndexRule((Product(output, (constant("-1", -1.0), Cells("input", "x", output))),))


ADD = of_two(
    "torch.add",
    N_("Adds cell by cell; dimensions of size 1 are repeated."),
    Surprise(
        N_("Predictions of shape (3, 1) plus targets of shape (3,). What is the shape of the sum?"),
        {"(3, 1)": "(3, 1)", "(3, 3)": "(3, 3)", "error": N_("none, it is an error")},
        "(3, 3)",
        "import torch\n\na = torch.tensor([[1.0], [2.0], [3.0]])\nb = torch.tensor([10.0, 20.0, 30.0])\n"
        "print((a + b).shape)\nprint(a + b)\nprint(a.squeeze(1) + b)\n",
        N_("Shapes are lined up at the end: (3,) counts as (1, 3), and both are stretched to (3, 3)."),
    ),
    keywords="plus + sum broadcast 加 广播",
)
SUB = of_two(
    "torch.sub", N_("Subtracts cell by cell; dimensions of size 1 are repeated."), keywords="minus - difference 减"
)
MUL = of_two(
    "torch.mul", N_("Multiplies cell by cell; dimensions of size 1 are repeated."), keywords="times * product 乘"
)
OPERATIONS = (
    operation(
        "add",
        "iadd",
        operators=(ADD,),
        rule=lambda call: _sum(call, 1, 1),
        meaning=N_("Adds cell by cell; dimensions of size 1 are repeated."),
        nodes={"AddBackward": N_("A sum: both sides get g unchanged.")},
    ),
    operation(
        "sub",
        "isub",
        operators=(SUB,),
        rule=lambda call: _sum(call, 1, -1),
        meaning=N_("Subtracts cell by cell; dimensions of size 1 are repeated."),
        nodes={"SubBackward": N_("A difference: the first side gets g, the second −g.")},
    ),
    operation(
        "rsub",
        rule=lambda call: _sum(call, -1, 1, scaled="input"),
        meaning=N_("Subtracts cell by cell; dimensions of size 1 are repeated."),
        nodes={"RsubBackward": N_("A number minus a tensor: the tensor gets −g.")},
    ),
    operation(
        "mul",
        "imul",
        operators=(MUL,),
        rule=_product,
        meaning=N_("Multiplies cell by cell; dimensions of size 1 are repeated."),
        nodes={
            "MulBackward": N_(
                "A product. Each factor's gradient is g times the other factor; in a dropout that is the mask."
            )
        },
    ),
    operation(
        "neg",
        "negative",
        rule=_negative,
        meaning=N_("Changes every sign."),
        nodes={"NegBackward": N_("A change of sign: sends −g.")},
    ),
)
