"""One element of one recorded tensor -> the terms it was made of. One file an operation, value and gradient in it.

``core.ops`` defines operations; those not yet there have a module here with two functions of the same signature,
``value`` and ``gradient``, which ``OPERATIONS`` names.
"""

from __future__ import annotations

from types import ModuleType

from torch import Tensor

from core.explain import (
    batch_norm,
    clamp,
    cross_entropy,
    dropout,
    extremes,
    leaky_relu,
    log_softmax,
    mse_loss,
    nll_loss,
    relu,
    softmax,
    threshold,
)
from core.ops.definition import Definition
from core.ops.records import Call, Explanation
from core.ops.registry import DEFINITIONS

OPERATIONS: dict[str, ModuleType] = {
    "relu": relu,
    **dict.fromkeys(clamp.FUNCTIONS, clamp),
    **dict.fromkeys(("threshold", "_threshold"), threshold),  # F.threshold calls itself _threshold
    "maximum": extremes,
    "minimum": extremes,
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
    "batch_norm": batch_norm,
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


def written_out(call: Call) -> ModuleType | Definition | None:
    """Return what explains ``call``; None where there is nothing, and for complex numbers."""
    of_complex = any(tensor.is_complex() for tensor in (*call.tensors.values(), call.output))
    return None if of_complex else DEFINITIONS.get(call.name) or OPERATIONS.get(call.name)
