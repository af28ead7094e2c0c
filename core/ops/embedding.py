"""``embedding`` and ``gather``: numbers are looked up at places that other numbers name."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.errors import N_, InvalidSetting
from core.ops.dims import every, letters
from core.ops.entries import SHAPE, arrow
from core.ops.explanation import Call
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, each, lookup, operation
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    check_dims,
    dimension,
    random,
    shape_text,
)


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


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple) else [value]


def _words(values: Values) -> list[int]:
    """Return the numbers that are looked up; refuse what is none."""
    words = values["input"]
    entries = _listed(words)
    if not all(isinstance(word, int) for word in entries):
        raise InvalidSetting(N_("input takes whole numbers, not {input}"), input=words)
    return entries


def _embedding_formula(values: Values) -> Formula:
    shape, padding, words = values["shape"], values["padding_idx"], _words(values)
    check_dims(shape, (2,))
    rows = shape[0]
    if isinstance(padding, str | tuple) or (padding is not None and not -rows <= padding < rows):
        raise InvalidSetting(
            N_("padding_idx names one of {rows} {rows:row|rows}, or none, not {padding}"),
            rows=rows,
            padding=padding,
        )
    if not all(0 <= word < rows for word in words):
        raise InvalidSetting(
            N_("input names rows from 0 to {last}, not {input}"), last=rows - 1, input=values["input"]
        )
    output = (len(words), shape[1])
    return Formula((r"(*),\,(V, D) \to (*, D)", rf"({len(words)},),\,{arrow(shape, output)}"), output)


LOOKS_UP = N_("Looks up one row of the weight for each whole number of the input.")
EMBEDDING = Operator(
    "embedding",
    "torch.nn.functional.embedding",
    "indexing",
    "F.embedding(input, weight, padding_idx=None)",
    LOOKS_UP,
    "torch.nn.functional.embedding",
    (
        Argument("input", "sizes", "0, 2, 2", examples=("1", "0, 1, 2, 3", "4", "-1, 0")),
        Argument("shape", "shape", "4, 3", examples=("2, 5", "3, 1", "4")),
        Argument("padding_idx", "sizes", "None", examples=("0", "2", "-1", "9")),
    ),
    lambda values: [
        random("x", values["shape"]),
        f"words = torch.tensor({_listed(values['input'])})",
        f"y = F.embedding(words, x, padding_idx={values['padding_idx']})",
    ],
    _embedding_formula,
    lambda names, values: Call(
        "embedding",
        {"input": names["words"], "weight": names["x"]},
        {"padding_idx": values["padding_idx"]},
        names["y"],
    ),
    Surprise(
        N_("padding_idx=0: what does the layer look up for word 0 after its row was set to 5?"),
        {"0": N_("zeros"), "5": N_("fives"), "error": N_("an error")},
        "5",
        "import torch\nfrom torch import nn\n\nlayer = nn.Embedding(3, 2, padding_idx=0)\n"
        "print('new  ', layer.weight[0])\nwith torch.no_grad():\n    layer.weight[0] = 5\n"
        "y = layer(torch.tensor([0, 1]))\nprint('now  ', y[0])\n"
        "y.sum().backward()\nprint('grad ', layer.weight.grad[0])\n",
        N_(
            "padding_idx only stops the gradient of that row, and a new layer fills it with 0. Nothing keeps it so."
        ),
    ),
    keywords="lookup words vocabulary 词 嵌入 查表",
)


def _gather_formula(values: Values) -> Formula:
    shape, index = values["shape"], values["index"]
    dim = dimension(values, "dim", len(shape))
    if len(index) != len(shape):
        raise InvalidSetting(
            N_("shapes {first} and {second} differ in their dimensions"), first=shape, second=index
        )
    if any(a > b for d, (a, b) in enumerate(zip(index, shape, strict=True)) if d != dim):
        raise InvalidSetting(
            N_("index of shape {index} is larger than x, {shape}, outside of dimension {dim}"),
            index=index,
            shape=shape,
            dim=dim,
        )
    return Formula((r"(*),\,(*_{index}) \to (*_{index})", rf"{shape_text(shape)},\,{arrow(index, index)}"), index)


TAKES = N_("Takes, along a dimension, the cells that an index names.")
GATHER = Operator(
    "gather",
    "torch.gather",
    "indexing",
    "torch.gather(input, dim, index)",
    TAKES,
    "torch.gather",
    (
        SHAPE,
        Argument("dim", "int", 1, -3, 3),
        Argument("index", "shape", "2, 2", examples=("1, 4", "2, 1", "3, 3", "2")),
    ),
    lambda values: [
        random("x", values["shape"]),
        f"index = torch.randint(x.shape[{values['dim']}], {values['index']})",
        f"y = torch.gather(x, {values['dim']}, index)",
    ],
    _gather_formula,
    lambda names, values: Call(
        "gather", {"input": names["x"], "index": names["index"]}, {"dim": values["dim"]}, names["y"]
    ),
    Surprise(
        N_("scores has shape (64, 10), labels (64,). Which line takes the score of each right class?"),
        {"plain": "scores.gather(1, labels)", "column": "scores.gather(1, labels[:, None])"},
        "column",
        "import torch\n\nscores, labels = torch.randn(64, 10), torch.arange(64) % 10\ntry:\n"
        "    scores.gather(1, labels)\nexcept RuntimeError as error:\n    print(error)\n"
        "print(scores.gather(1, labels[:, None]).shape)\n",
        N_("index has as many dimensions as x, and the result has the shape of index."),
    ),
    keywords="pick select labels 按索引取",
)
OPERATIONS = (
    operation(
        "embedding",
        rule=embedded,
        backward=embedded_backwards,
        operators=(EMBEDDING,),
        meaning=LOOKS_UP,
        nodes={"EmbeddingBackward": N_("Each row of the weight gets the sum of g wherever it was looked up.")},
    ),
    operation(
        "gather",
        rule=gathered,
        operators=(GATHER,),
        meaning=TAKES,
        nodes={"GatherBackward": N_("Each cell gets the sum of g wherever it was taken.")},
    ),
)
