"""``split``, ``chunk`` and ``unbind``: a tensor cut along one dimension; each part is an output of its own."""

from __future__ import annotations

from core.errors import N_, InvalidSetting
from core.ops.dims import every, letters
from core.ops.entries import SHAPE, arrow
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, at, each, operation
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, dimension, random


def starts(call: Call) -> list[int]:
    """Return where each part begins."""
    size = int(call.tensors["input"].shape[_dim(call)])
    if call.name == "chunk":
        length = max(-(-size // int(call.options["chunks"])), 1)
        return list(range(0, size, length)) or [0]
    sizes = call.options["split_size_or_sections" if "split_size_or_sections" in call.options else "split_size"]
    lengths = [sizes] * (-(-size // sizes) or 1) if isinstance(sizes, int) else list(sizes)
    return [sum(lengths[:k]) for k in range(len(lengths))]


def _dim(call: Call) -> int:
    return int(call.options.get("dim", 0)) % call.tensors["input"].dim()


def cut(call: Call) -> IndexRule:
    """y[..., i, ...] = x[..., start + i, ...]"""
    dim, start = _dim(call), starts(call)[call.part]
    output = every(call.output.shape)
    own, letter = list(output), output[dim].variables[0]
    own[dim] = each(letter, call.output.shape[dim], f"{start}+{letter}" if start else letter, start)
    return IndexRule((Product(output, (Cells("input", "x", tuple(own)),)),))


def unbound(call: Call) -> IndexRule:
    """y[...] = x[..., k, ...] for the k-th output"""
    dim, names = _dim(call), letters(call.output.dim())
    output = tuple(each(name, size) for name, size in zip(names, call.output.shape, strict=True))
    own = (*output[:dim], at(call.part), *output[dim:])
    return IndexRule((Product(output, (Cells("input", "x", own),)),))


def _entry(name: str, argument: str, parts: str, description: str, surprise: Surprise, keywords: str) -> Operator:
    """Return the entry of a function that cuts; y is the part that one chooses."""

    def formula(values: Values) -> Formula:
        shape, count = values["shape"], values[argument]
        dim = dimension(values, "dim", len(shape))
        length = count if name == "split" else -(-shape[dim] // count)
        lengths = [min(length, shape[dim] - start) for start in range(0, shape[dim], length)]
        if values["part"] >= len(lengths):
            raise InvalidSetting(
                N_("there {count:is|are} only {count} {count:part|parts}, from 0 on"), count=len(lengths)
            )
        output = (*shape[:dim], lengths[values["part"]], *shape[dim + 1 :])
        return Formula((parts, arrow(shape, output)), output)

    def call(names: Values, values: Values) -> Call:
        options = {argument: values[argument], "dim": values["dim"]}
        return Call(name, {"input": names["x"]}, options, names["y"], part=values["part"])

    return Operator(
        name,
        f"torch.{name}",
        "shapes",
        f"torch.{name}(input, {argument}, dim=0)",
        description,
        f"torch.{name}",
        (
            Argument("shape", "shape", "5, 2", examples=(*SHAPE.examples, "2, 6")),
            Argument(argument, "int", 2, 1, 5),
            Argument("dim", "int", 0, -2, 2),
            Argument("part", "int", 0, 0, 4),
        ),
        lambda values: [
            random("x", values["shape"]),
            f"parts = torch.{name}(x, {values[argument]}, dim={values['dim']})",
            f"y = parts[{values['part']}]",
        ],
        formula,
        call,
        surprise,
        keywords=keywords,
    )


SPLIT = _entry(
    "split",
    "split_size_or_sections",
    r"(\dots, d, \dots) \to \lceil d / n \rceil \times (\dots, n, \dots)",
    N_("Cuts the tensor along a dimension into parts of a size; the last may be smaller."),
    Surprise(
        N_("x has 6 numbers. What does x.split(2) give?"),
        {"two": N_("2 parts of 3 numbers"), "three": N_("3 parts of 2 numbers")},
        "three",
        "import torch\n\nx = torch.arange(6)\nprint('split(2)', x.split(2))\nprint('chunk(2)', x.chunk(2))\n",
        N_("split takes the size of a part, chunk how many parts there should be."),
    ),
    "parts cut 切分",
)
CHUNK = _entry(
    "chunk",
    "chunks",
    r"(\dots, d, \dots) \to \;\le n \times (\dots, \lceil d / n \rceil, \dots)",
    N_("Cuts the tensor along a dimension into at most so many parts."),
    Surprise(
        N_("x has 5 numbers. How many parts does x.chunk(4) give?"),
        {"4": "4", "3": "3", "error": N_("none, it is an error")},
        "3",
        "import torch\n\nprint(torch.arange(5).chunk(4))\nprint(torch.arange(5).tensor_split(4))\n",
        N_("Each part gets ⌈5/4⌉ = 2 numbers, and 3 parts hold all. tensor_split always gives 4."),
    ),
    "parts cut 切分",
)
CUT = N_("The tensor was cut: each part's gradient goes back to its place.")
OPERATIONS = (
    operation(
        "split",
        "chunk",
        rule=cut,
        operators=(SPLIT, CHUNK),
        several=True,
        meaning=N_("Cuts the tensor along a dimension; the parts share its memory."),
        nodes=dict.fromkeys(("SplitBackward", "SplitWithSizesBackward"), CUT),
    ),
    operation(
        "unbind",
        rule=unbound,
        several=True,
        meaning=N_("Takes a dimension apart: one tensor for each place in it."),
        nodes={"UnbindBackward": CUT},
    ),
)
