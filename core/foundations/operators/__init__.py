"""The operators of the lesson, by name, in the order in which they teach; one file a family."""

from __future__ import annotations

from core.foundations.operators import (
    convolution,
    linear,
    matrix,
    pooling,
    reshape,
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
        DEFINED["ReLU"],
        DEFINED["LeakyReLU"],
        DEFINED["sigmoid"],
        DEFINED["tanh"],
        DEFINED["Softmax"],
        DEFINED["LogSoftmax"],
        pooling.MAX_POOL,
        pooling.ADAPTIVE_1D,
        pooling.ADAPTIVE_2D,
        DEFINED["dropout"],
        DEFINED["Dropout2d"],
        DEFINED["BatchNorm2d"],
        reshape.VIEW,
        reshape.RESHAPE,
        reshape.FLATTEN,
        reshape.UNSQUEEZE,
        reshape.SQUEEZE,
        DEFINED["nll_loss"],
        DEFINED["cross_entropy"],
        DEFINED["mse_loss"],
    )
}


def search(words: str) -> list[str]:
    """Return the names of the operators whose name contains ``words``, in any case; all for an empty search."""
    wanted = words.strip().lower().replace("torch.", "").replace("nn.", "").replace("f.", "")
    return [name for name in OPERATORS if wanted in name.lower() or wanted in OPERATORS[name].full_name.lower()]
