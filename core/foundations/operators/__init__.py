"""The operators of the lesson, by name, in the order in which they teach; one file a family."""

from __future__ import annotations

from core.foundations.operators import (
    activations,
    batch_norm,
    convolution,
    dropout,
    linear,
    losses,
    matrix,
    pooling,
    reshape,
    softmax,
)
from core.ops import registry
from core.ops.operator import Operator

DEFINED = {operator.name: operator for operator in registry.OPERATORS}

OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in (
        linear.LINEAR,
        convolution.CONV,
        matrix.BMM,
        DEFINED["matmul"],
        linear.FORWARD,
        activations.RELU,
        activations.LEAKY_RELU,
        DEFINED["sigmoid"],
        DEFINED["tanh"],
        softmax.SOFTMAX,
        softmax.LOG_SOFTMAX,
        pooling.MAX_POOL,
        pooling.ADAPTIVE_1D,
        pooling.ADAPTIVE_2D,
        dropout.DROPOUT,
        dropout.DROPOUT_2D,
        batch_norm.BATCH_NORM,
        reshape.VIEW,
        reshape.RESHAPE,
        reshape.FLATTEN,
        reshape.UNSQUEEZE,
        reshape.SQUEEZE,
        losses.NLL,
        losses.CROSS_ENTROPY,
        losses.MSE,
    )
}


def search(words: str) -> list[str]:
    """Return the names of the operators whose name contains ``words``, in any case; all for an empty search."""
    wanted = words.strip().lower().replace("torch.", "").replace("nn.", "").replace("f.", "")
    return [name for name in OPERATORS if wanted in name.lower() or wanted in OPERATORS[name].full_name.lower()]
