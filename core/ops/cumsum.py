"""``cumsum``: each cell is the sum of those up to it, along one dimension."""

from __future__ import annotations

import numpy as np

from core.errors import N_
from core.ops.dims import every
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, lookup, operation
from core.ops.operator import Argument, Formula, Surprise, Values, dimension, of_x, same


def rule(call: Call) -> IndexRule:
    """y[i] = Σ_{k ≤ i} x[k] along ``dim``"""
    x = call.tensors["input"]
    output = every(x.shape)
    own = list(output)
    if own:
        dim = int(call.options["dim"]) % x.dim()
        i, size = output[dim].variables[0], x.shape[dim]
        up_to = np.where(np.tri(size, dtype=bool), np.arange(size), -1)
        own[dim] = lookup((i, "u"), up_to, rf"u \le {i}", skip=True)
    return IndexRule((Product(output, (Cells("input", "x", tuple(own)),)),))


def _formula(values: Values) -> Formula:
    dimension(values, "dim", len(values["shape"]))
    return same(values)


OPERATOR = of_x(
    "torch.cumsum",
    "arithmetic",
    "torch.cumsum(input, dim)",
    N_("Running totals: each number is added to all before it along dim."),
    (Argument("shape", "shape", "2, 3", examples=("4", "3, 2")), Argument("dim", "int", 1, -3, 3)),
    lambda values: f"torch.cumsum(x, {values['dim']})",
    _formula,
    ("dim",),
    Surprise(
        N_("y = x.cumsum(0) of four numbers, then y.sum().backward(). Which number gets the largest gradient?"),
        {"first": N_("the first"), "last": N_("the last"), "all": N_("all get the same")},
        "first",
        "import torch\n\nx = torch.ones(4, requires_grad=True)\ny = x.cumsum(0)\nprint(y)\ny.sum().backward()\n"
        "print(x.grad)\n",
        N_("The first number is in every total, the last only in one: its own."),
    ),
    keywords="cumulative running total prefix 累加 前缀和",
)
OPERATIONS = (
    operation(
        "cumsum",
        rule=rule,
        meaning=N_("Running totals: each cell is added to all before it along a dimension."),
        nodes={"CumsumBackward": N_("Each cell gets the sum of g over all totals that it is in.")},
        operators=(OPERATOR,),
    ),
)
