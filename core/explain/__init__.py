"""One element of one recorded tensor -> the terms it was made of. One file an operation, value and gradient in it.

Every operation module has two functions with the same signature, ``value`` and ``gradient``; ``OPERATIONS``
names the module of each torch operation that has written-out arithmetic.
"""

from __future__ import annotations

from types import ModuleType

from torch import Tensor

from core.explain import (
    adaptive_avg_pool1d,
    batch_norm,
    bmm,
    clamp,
    convolution,
    cross_entropy,
    dropout,
    extremes,
    flatten,
    leaky_relu,
    linear,
    log_softmax,
    mse_loss,
    nll_loss,
    pooling,
    relu,
    softmax,
    threshold,
    transposed_convolution,
)
from core.ops.records import Call, Explanation

OPERATIONS: dict[str, ModuleType] = {
    "linear": linear,
    "conv2d": convolution,
    "conv_transpose2d": transposed_convolution,
    "max_pool2d": pooling,
    "avg_pool2d": pooling,
    "adaptive_avg_pool2d": pooling,
    "relu": relu,
    **dict.fromkeys(clamp.FUNCTIONS, clamp),
    **dict.fromkeys(("threshold", "_threshold"), threshold),  # F.threshold calls itself _threshold
    "maximum": extremes,
    "minimum": extremes,
    "view": flatten,
    "flatten": flatten,
    "dropout": dropout,
    "dropout1d": dropout,
    "dropout2d": dropout,
    "dropout3d": dropout,
    "feature_dropout": dropout,
    "log_softmax": log_softmax,
    "nll_loss": nll_loss,
    "cross_entropy": cross_entropy,
    "mse_loss": mse_loss,
    "softmax": softmax,
    "leaky_relu": leaky_relu,
    "bmm": bmm,
    "adaptive_avg_pool1d": adaptive_avg_pool1d,
    "batch_norm": batch_norm,
    "reshape": flatten,
    "unsqueeze": flatten,
    "squeeze": flatten,
}


def value(call: Call, index: tuple[int, ...]) -> Explanation | None:
    """Open element ``index`` of ``call.output``; None when the operation has no written-out arithmetic."""
    module = written_out(call)
    return None if module is None else module.value(call, index)


def gradient(
    call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]
) -> Explanation | None:
    """Open element ``index`` of ``grad``, the gradient of ``call.tensors[which]``; None when not written out."""
    module = written_out(call)
    return None if module is None else module.gradient(call, which, grad_output, grad, index)


def written_out(call: Call) -> ModuleType | None:
    """Return the module that explains ``call``; None where there is none, and for complex numbers."""
    of_complex = any(tensor.is_complex() for tensor in (*call.tensors.values(), call.output))
    return None if of_complex else OPERATIONS.get(call.name)
