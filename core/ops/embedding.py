"""``embedding`` and ``gather``: numbers are looked up at places that other numbers name."""

from __future__ import annotations

import numpy as np

from core.errors import N_
from core.ops.dims import every, letters
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, each, lookup, operation
from core.ops.records import Call


def embedded(call: Call) -> IndexRule | None:
    """y[i, ..., e] = w[input[i, ...], e]"""
    if call.options.get("max_norm") is not None:
        return None  # this one changes the weight
    lead, e, names = _dims(call)
    row = lookup(names, call.tensors["input"].detach().cpu().numpy(), _at("x", names))
    return IndexRule((Product((*lead, e), (Cells("weight", "w", (row, e)),)),))


def embedded_backwards(call: Call) -> IndexRule | None:
    """The same without the row ``padding_idx``; ``scale_grad_by_freq`` divides by how often a row was looked up"""
    if embedded(call) is None:
        return None
    words, (lead, e, names) = call.tensors["input"].detach().cpu().numpy(), _dims(call)
    padding, factors = call.options.get("padding_idx"), []
    if call.options.get("scale_grad_by_freq"):
        _, inverse, counts = np.unique(words, return_inverse=True, return_counts=True)
        factors.append(constant("1/n", 1 / counts[inverse].reshape(words.shape), lead))
    if padding is not None:
        words = np.where(words == int(padding) % call.tensors["weight"].shape[0], -1, words)
    row = lookup(names, words, _at("x", names), skip=True)
    return IndexRule((Product((*lead, e), (Cells("weight", "w", (row, e)), *factors)),))


def _dims(call: Call) -> tuple[tuple[Dim, ...], Dim, tuple[str, ...]]:
    lead = every(call.tensors["input"].shape)
    return lead, each("e", call.tensors["weight"].shape[1]), tuple(dim.variables[0] for dim in lead)


def gathered(call: Call) -> IndexRule:
    """y[i, j] = x[i, index[i, j]] for dim = 1, and so for every other"""
    places = call.tensors["index"]
    dim = int(call.options["dim"]) % max(places.dim(), 1)
    output = every(places.shape)
    names = tuple(letters(places.dim()))
    own = list(output)
    if own:
        own[dim] = lookup(names, places.detach().cpu().numpy(), _at(r"\mathrm{index}", names))
    return IndexRule((Product(output, (Cells("input", "x", tuple(own)),)),))


def _at(symbol: str, names: tuple[str, ...]) -> str:
    return f"{symbol}_{{{','.join(names)}}}" if names else symbol


OPERATIONS = (
    operation(
        "embedding",
        rule=embedded,
        backward=embedded_backwards,
        meaning=N_("Looks up one row of the weight for each whole number of the input."),
        nodes={"EmbeddingBackward": N_("Each row of the weight gets the sum of g wherever it was looked up.")},
    ),
    operation(
        "gather",
        rule=gathered,
        meaning=N_("Takes, along a dimension, the cells that an index names."),
        nodes={"GatherBackward": N_("Each cell gets the sum of g wherever it was taken.")},
    ),
)
