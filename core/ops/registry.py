"""Which definition answers to the name of a torch function, and the words of all of them."""

from __future__ import annotations

from collections.abc import Callable

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
    cumsum,
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
    split,
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
    split,
    indexing,
    pad,
    identity,
    arithmetic,
    division,
    reduction,
    cumsum,
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


def search(words: str, say: Callable[[str], str] = str) -> list[str]:
    """Return the operators that ``words`` lead to: first those with them in their name, then those that say them.

    ``say`` translates what an operator says of itself. An empty search finds all.
    """
    query = words.strip().lower().removeprefix("torch.").removeprefix("nn.").removeprefix("f.").split()
    named = [name for name, each in OPERATORS.items() if _holds(f"{name} {each.full_name}", query)]
    texts = {name: f"{name} {each.words} {say(each.says)}" for name, each in OPERATORS.items()}
    return [*named, *(name for name, text in texts.items() if name not in named and _holds(text, query))]


def _holds(text: str, query: list[str]) -> bool:
    return all(word in text.lower() for word in query)
