"""``sum`` and ``mean``, over all dimensions or some; and ``expand``, which is a sum read backwards."""

from __future__ import annotations

import math

from core.errors import N_
from core.ops.dims import broadcast, every
from core.ops.entries import SHAPE, arrow, dimensions
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, at, constant, operation
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, of_x


def rule(call: Call) -> IndexRule:
    """y[i] = Σ_j x[i, j], divided by their number for a mean"""
    x, dims = call.tensors["input"], call.options.get("dim")
    named_dims = range(x.dim()) if dims is None or dims == () else (dims,) if isinstance(dims, int) else dims
    summed_dims = {int(d) % max(x.dim(), 1) for d in named_dims}
    own = every(x.shape)
    keep = bool(call.options.get("keepdim", False))
    output = [at(0) if d in summed_dims else dim for d, dim in enumerate(own) if keep or d not in summed_dims]
    n = math.prod(x.shape[d] for d in summed_dims if d < x.dim())
    if call.name == "mean" and not n:
        return IndexRule((Product(tuple(output), (constant("0/0", math.nan),)),))
    share = [constant("1/n", 1 / n)] if call.name == "mean" else []
    return IndexRule((Product(tuple(output), (Cells("input", "x", own), *share)),))


def repeated(call: Call) -> IndexRule:
    """y[i, j] = x[j], x being broadcast to the shape"""
    output = every(call.output.shape)
    return IndexRule((Product(output, (Cells("input", "x", broadcast(call.tensors["input"].shape, output)),)),))


def _reduced(values: Values) -> Formula:
    shape, keep = values["shape"], values["keepdim"]
    summed_dims = dimensions(values, "dim", len(shape))
    output = tuple(1 if d in summed_dims else size for d, size in enumerate(shape) if keep or d not in summed_dims)
    return Formula((r"(d_0, \dots) \to (d_i : i \notin \mathtt{dim})", arrow(shape, output)), output)


def _entry(name: str, description: str, surprise: Surprise, keywords: str) -> Operator:
    return of_x(
        f"torch.{name}",
        "arithmetic",
        f"torch.{name}(input, dim=None, keepdim=False)",
        description,
        (
            SHAPE,
            Argument("dim", "sizes", "None", examples=("0", "1", "-1", "0, 1")),
            Argument("keepdim", "bool", False),
        ),
        lambda values: f"torch.{name}(x, dim={values['dim']}, keepdim={values['keepdim']})",
        _reduced,
        ("dim", "keepdim"),
        surprise,
        keywords,
    )


SUMS = N_("Adds up the numbers along the dimensions that you name, or all of them.")
SUM = _entry(
    "sum",
    SUMS,
    Surprise(
        N_("x has shape (2, 3). What is the shape of x.sum(0)?"),
        {"(2,)": "(2,)", "(3,)": "(3,)", "()": "()"},
        "(3,)",
        "import torch\n\nx = torch.tensor([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])\n"
        "print(x.sum(0), x.sum(0).shape)\nprint(x.sum(1), x.sum(1).shape)\nprint(x.sum(0, keepdim=True).shape)\n",
        N_("dim is the dimension that goes: sum(0) adds the rows up and leaves one number for each column."),
    ),
    "total add 求和",
)
MEANS = N_("The mean along the dimensions that you name, or of all numbers.")
MEAN = _entry(
    "mean",
    MEANS,
    Surprise(
        N_("A batch of 10 and a last one of 2: is the mean of both means the mean of all 12 losses?"),
        {"yes": N_("yes, means can be averaged"), "no": N_("no, the short batch counts too much")},
        "no",
        "import torch\n\nlosses = torch.tensor([1.0] * 10 + [7.0] * 2)\nmeans = [part.mean() for part in "
        "losses.split(10)]\nprint('mean of the means', sum(means).item() / 2)\n"
        "print('mean of all     ', losses.mean().item())\n",
        N_("The two losses of the short batch count five times as much. Weight each mean by its batch size."),
    ),
    "average 平均",
)
OPERATIONS = (
    operation(
        "sum",
        rule=rule,
        operators=(SUM,),
        meaning=SUMS,
        nodes={"SumBackward": N_("A sum: every element gets g.")},
    ),
    operation(
        "mean",
        rule=rule,
        operators=(MEAN,),
        meaning=MEANS,
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
