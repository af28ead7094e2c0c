"""``flip``: the cells in the opposite order, along one dimension or several."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.errors import N_, InvalidSetting
from core.ops.dims import every
from core.ops.entries import dimensions
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, lookup, operation
from core.ops.operator import Argument, Formula, Surprise, Values, of_x, same


def rule(call: Call) -> IndexRule:
    """y[i] = x[n − 1 − i] along each of ``dims``"""
    x = call.tensors["input"]
    output = every(x.shape)
    own = list(output)
    dims = call.options["dims"]
    for dim in (dims,) if isinstance(dims, int) else dims:
        i, size = output[dim].variables[0], x.shape[dim]
        own[dim] = lookup((i,), np.arange(size)[::-1], f"{size - 1} - {i}")
    return IndexRule((Product(output, (Cells("input", "x", tuple(own)),)),))


def _dims(values: Values) -> Any:
    return (values["dims"],) if isinstance(values["dims"], int) else values["dims"]


def _formula(values: Values) -> Formula:
    if values["dims"] is None:
        raise InvalidSetting(N_("dims is a dimension or several, not {dims}"), dims=None)
    dimensions(values, "dims", len(values["shape"]))
    return same(values)


OPERATOR = of_x(
    "torch.flip",
    "shapes",
    "torch.flip(input, dims)",
    N_("The numbers in the opposite order along dims."),
    (
        Argument("shape", "shape", "2, 3", examples=("4", "3, 2")),
        Argument("dims", "sizes", "1", examples=("0", "0, 1", "-1", "0, 0")),
    ),
    lambda values: f"torch.flip(x, {_dims(values)})",
    _formula,
    ("dims",),
    Surprise(
        N_("In NumPy x[::-1] turns the order around. What does it do to a tensor?"),
        {"same": N_("the same"), "view": N_("it returns a view"), "error": N_("it raises an error")},
        "error",
        "import torch\n\nx = torch.arange(4)\nprint(x.flip(0))\ntry:\n    print(x[::-1])\n"
        "except ValueError as error:\n    print(error)\n",
        N_("PyTorch has no negative steps; flip copies the numbers."),
    ),
    keywords="reverse mirror order 翻转 倒序",
)
OPERATIONS = (
    operation(
        "flip",
        rule=rule,
        meaning=N_("The same numbers in the opposite order along some dimensions."),
        nodes={"FlipBackward": N_("Each cell gets g from the place to which it was moved.")},
        operators=(OPERATOR,),
    ),
)
