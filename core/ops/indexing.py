"""Indexing with numbers, slices, ``...`` and ``None``; ``select`` and ``narrow``; those that index with tensors."""

from __future__ import annotations

from typing import Any

from core.errors import N_, InvalidSetting
from core.ops import advanced_indexing
from core.ops.dims import letters
from core.ops.entries import arrow
from core.ops.explanation import Call
from core.ops.index_rule import Cells, Dim, IndexRule, Product, at, each, operation
from core.ops.operator import Argument, Formula, Operator, Shape, Surprise, TooLarge, Values, random


def entries(call: Call) -> list[Any] | None:
    """Return the call as one entry for each dimension, ``None`` for a new one; None where a tensor indexes."""
    dims = call.tensors["input"].dim()
    if call.name == "getitem":
        index = call.options.get("idx", None)
        if len(call.tensors) > 1 or ("idx" not in call.options):
            return None
        parts = list(index) if isinstance(index, tuple) else [index]
        if not all(part is None or part is Ellipsis or type(part) in (int, slice) for part in parts):
            return None
        used = sum(part is not None and part is not Ellipsis for part in parts)
        place = parts.index(Ellipsis) if Ellipsis in parts else len(parts)
        return [*parts[:place], *[slice(None)] * (dims - used), *parts[place + 1 :]]
    dim = int(call.options["dim"]) % dims
    entry: Any = call.options["index"] if call.name == "select" else None
    if call.name == "narrow":
        start = int(call.options["start"])
        start += call.tensors["input"].shape[dim] if start < 0 else 0
        entry = slice(start, start + int(call.options["length"]))
    return [slice(None)] * dim + [entry] + [slice(None)] * (dims - dim - 1)


def rule(call: Call) -> IndexRule | None:
    """y[i, ...] = x[start + i·step, ...]; with tensors or lists in the index, whichever cells they name"""
    parts = entries(call)
    if parts is None:
        return advanced_indexing.indexed(call)
    sizes, names = iter(call.tensors["input"].shape), iter(letters(call.output.dim()))
    output: list[Dim] = []
    own: list[Dim] = []
    for part in parts:
        if part is None:
            output.append(at(0))
            continue
        size = next(sizes)
        if isinstance(part, int):
            own.append(at(part % size))
            continue
        start, stop, step = part.indices(size)
        name, count = next(names), len(range(start, stop, step))
        output.append(each(name, count))
        own.append(each(name, count, _text(start, step, name), start, step))
    return IndexRule((Product(tuple(output), (Cells("input", "x", tuple(own)),)),))


def _text(start: int, step: int, name: str) -> str:
    moved = name if step == 1 else f"{step}{name}"
    return f"{start}+{moved}" if start else moved


INDICES: dict[str, Any] = {  # as one writes it, and what Python makes of it
    "0": 0,
    "-1": -1,
    "1:": slice(1, None),
    "::2": slice(None, None, 2),
    ":, 0": (slice(None), 0),
    ":, 1:": (slice(None), slice(1, None)),
    "..., -1": (Ellipsis, -1),
    "None": None,
    ":, None": (slice(None), None),
}


def _take_formula(values: Values) -> Formula:
    shape, index = values["shape"], INDICES[values["index"]]
    parts = list(index) if isinstance(index, tuple) else [index]
    used = sum(part is not None and part is not Ellipsis for part in parts)
    if used > len(shape):
        raise InvalidSetting(
            N_("x has {dims} {dims:dimension|dimensions}, and {count} are indexed"), dims=len(shape), count=used
        )
    place = parts.index(Ellipsis) if Ellipsis in parts else len(parts)
    every = [*parts[:place], *[slice(None)] * (len(shape) - used), *parts[place + 1 :]]
    sizes, output = iter(shape), []
    for part in every:
        size = 1 if part is None else next(sizes)
        output += [] if isinstance(part, int) else [size if part is None else len(range(*part.indices(size)))]
    if 0 in output:
        raise TooLarge(N_("nothing is left of {shape}; this lesson shows tensors with numbers"), shape=shape)
    result: Shape = tuple(output)
    return Formula((r"(*) \to (*')", arrow(shape, result)), result)


GETITEM = Operator(
    "indexing",
    "torch.Tensor.__getitem__",
    "indexing",
    "x.__getitem__(index)",
    N_("Takes a part of the tensor: a view of the same memory."),
    "torch.Tensor.select",
    (
        Argument("shape", "shape", "3, 4", examples=("4", "2, 3, 2")),
        Argument("index", "word", "1:", options=tuple(INDICES)),
    ),
    lambda values: [random("x", values["shape"]), f"y = x[{values['index']}]"],
    _take_formula,
    lambda names, values: Call("getitem", {"input": names["x"]}, {"idx": INDICES[values["index"]]}, names["y"]),
    Surprise(
        N_("y = x[0:1] or y = x[[0]], then y += 1. Which of them changes x?"),
        {"both": N_("both of them"), "slice": N_("x[0:1] only"), "none": N_("neither")},
        "slice",
        "import torch\n\nfor name, index in (('x[0:1]', slice(0, 1)), ('x[[0]]', [0])):\n"
        "    x = torch.zeros(2, 2)\n    y = x[index]\n    y += 1\n    print(name, 'x is now', x.tolist())\n",
        N_("A slice is a view of the same memory. A list or a tensor as index makes a copy."),
    ),
    keywords="slice getitem select [] 切片 索引",
)
PIECE = N_("A part was taken: the gradient goes there, and the rest of the tensor gets 0.")
OPERATIONS = (
    operation(
        "getitem",
        "select",
        "narrow",
        rule=rule,
        operators=(GETITEM,),
        meaning=N_("Takes a part of the tensor: a view of the same memory."),
        nodes={
            **dict.fromkeys(("SliceBackward", "SelectBackward", "NarrowBackward"), PIECE),
            "IndexBackward": advanced_indexing.COPIES,
            "AliasBackward": N_("The whole tensor under another name: sends g unchanged."),
        },
    ),
    operation(
        "index_select",
        rule=advanced_indexing.selected,
        meaning=N_("Takes the places along a dimension that an index names."),
        nodes={"IndexSelectBackward": advanced_indexing.COPIES},
    ),
    operation(
        "masked_select",
        rule=advanced_indexing.masked,
        meaning=N_("Takes the numbers where a mask is True, as a vector."),
        nodes={"MaskedSelectBackward": advanced_indexing.COPIES},
    ),
    operation(
        "take",
        rule=advanced_indexing.gather_rule,
        meaning=N_("Takes numbers by their place in row-major order."),
        nodes={"TakeBackward": advanced_indexing.COPIES},
    ),
)
