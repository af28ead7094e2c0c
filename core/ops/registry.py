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
    threshold,
    transposed_convolution,
    view,
)
from core.ops.definition import Definition

FILES = (
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
    threshold,
    transposed_convolution,
    view,
)
DEFINITIONS: dict[str, Definition] = {
    name: definition for file in FILES for definition in file.OPERATIONS for name in definition.names
}
MEANINGS = {name: definition.meaning for name, definition in DEFINITIONS.items() if definition.meaning}
NODES = {node: words for definition in DEFINITIONS.values() for node, words in definition.nodes.items()}
NODES_WITH = {key: words for definition in DEFINITIONS.values() for key, words in definition.nodes_with.items()}
OPERATORS = tuple(operator for file in FILES for definition in file.OPERATIONS for operator in definition.operators)
