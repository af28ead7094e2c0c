"""``embedding`` and ``gather``: numbers are looked up at places that other numbers name."""

from __future__ import annotations

from core.errors import N_
from core.ops.dims import every, letters
from core.ops.index_rule import Cells, IndexRule, Product, each, lookup, operation
from core.ops.records import Call


def embedded(call: Call) -> IndexRule | None:
    """y[i, ..., e] = w[input[i, ...], e]"""
    words, weight = call.tensors["input"], call.tensors["weight"]
    options = (call.options.get(name) for name in ("padding_idx", "max_norm"))
    if any(option is not None for option in options) or call.options.get("scale_grad_by_freq"):
        return None  # these change the gradient or the weight
    lead = every(words.shape)
    e = each("e", weight.shape[1])
    names = tuple(dim.variables[0] for dim in lead)
    row = lookup(names, words.detach().cpu().numpy(), _at("x", names))
    return IndexRule((Product((*lead, e), (Cells("weight", "w", (row, e)),)),))


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
