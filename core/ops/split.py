"""``split``, ``chunk`` and ``unbind``: a tensor cut along one dimension; each part is an output of its own."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import every, letters
from core.ops.index_rule import Cells, IndexRule, Product, at, each, operation
from core.ops.records import Call


def starts(call: Call) -> list[int]:
    """Return where each part begins."""
    size = int(call.tensors["input"].shape[_dim(call)])
    if call.name == "chunk":
        length = max(-(-size // int(call.options["chunks"])), 1)
        return list(range(0, size, length)) or [0]
    asked = call.options["split_size_or_sections" if "split_size_or_sections" in call.options else "split_size"]
    lengths = [asked] * (-(-size // asked) or 1) if isinstance(asked, int) else list(asked)
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


CUT = N_("The tensor was cut: each part's gradient goes back to its place.")
OPERATIONS = (
    operation(
        "split",
        "chunk",
        rule=cut,
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
