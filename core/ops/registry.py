"""Which definition answers to the name of a torch function, and the words of all of them."""

from __future__ import annotations

from core.ops import (
    activations,
    arithmetic,
    attention,
    average_pooling,
    batch_norm,
    cat,
    clamp,
    convolution,
    cross_entropy,
    division,
    dropout,
    embedding,
    extremes,
    flatten,
    identity,
    indexing,
    leaky_relu,
    linear,
    log_softmax,
    losses,
    matmul,
    max_pooling,
    mse_loss,
    nll_loss,
    normalization,
    pad,
    permute,
    reduction,
    relu,
    softmax,
    squeeze,
    threshold,
    transposed_convolution,
    view,
)
from core.ops.definition import Definition
from core.ops.operator import FAMILIES

FILES = (  # in the order in which they teach
    linear,
    convolution,
    transposed_convolution,
    matmul,
    embedding,
    attention,
    relu,
    leaky_relu,
    activations,
    clamp,
    threshold,
    softmax,
    log_softmax,
    max_pooling,
    average_pooling,
    dropout,
    batch_norm,
    normalization,
    view,
    flatten,
    squeeze,
    permute,
    cat,
    indexing,
    pad,
    identity,
    arithmetic,
    division,
    reduction,
    extremes,
    nll_loss,
    cross_entropy,
    mse_loss,
    losses,
)
DEFINITIONS: dict[str, Definition] = {
    name: definition for file in FILES for definition in file.OPERATIONS for name in definition.names
}
MEANINGS = {name: definition.meaning for name, definition in DEFINITIONS.items() if definition.meaning}
NODES = {node: words for definition in DEFINITIONS.values() for node, words in definition.nodes.items()}
NODES_WITH = {key: words for definition in DEFINITIONS.values() for key, words in definition.nodes_with.items()}
_EVERY = [operator for file in FILES for definition in file.OPERATIONS for operator in definition.operators]
OPERATORS = {operator.name: operator for operator in sorted(_EVERY, key=lambda each: FAMILIES.index(each.family))}


def search(words: str) -> list[str]:
    """Return the names of the operators whose name contains ``words``, in any case; all for an empty search."""
    wanted = words.strip().lower().replace("torch.", "").replace("nn.", "").replace("f.", "")
    return [name for name in OPERATORS if wanted in name.lower() or wanted in OPERATORS[name].full_name.lower()]
