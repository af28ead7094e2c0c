"""Whole tensors by hand, in float64 NumPy: what every cell's explanation says, for all cells at once.

``value(call)`` gives the output, ``gradient(call, which, grad_output)`` one input's gradient, and None where
the arithmetic is not written out. torch is not asked: it is what these are compared with, by ``compare``.
"""

from __future__ import annotations

import numpy as np
from torch import Tensor

from core import explain
from core.explain import clamp
from core.explain.precision import Verdict, coarsest
from core.explain.precision import compare as compare_numbers
from core.ops.definition import Definition
from core.ops.records import Call
from core.ops.whole import Gradient, Hand, Value, array
from core.walk.by_hand import pointwise, statistics

# What core.ops does not define yet.
WRITTEN: dict[str, tuple[Value, Gradient]] = {
    "relu": (pointwise.relu_value, pointwise.relu_gradient),
    "leaky_relu": (pointwise.leaky_relu_value, pointwise.leaky_relu_gradient),
    **dict.fromkeys(("threshold", "_threshold"), (pointwise.threshold_value, pointwise.threshold_gradient)),
    **dict.fromkeys(clamp.FUNCTIONS, (pointwise.clamp_value, pointwise.clamp_gradient)),
    **dict.fromkeys(("maximum", "minimum"), (pointwise.extreme_value, pointwise.extreme_gradient)),
    **dict.fromkeys(
        ("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout"),
        (pointwise.dropout_value, pointwise.dropout_gradient),
    ),
    "log_softmax": (statistics.log_softmax_value, statistics.log_softmax_gradient),
    "softmax": (statistics.softmax_value, statistics.softmax_gradient),
    **dict.fromkeys(("nll_loss", "cross_entropy"), (statistics.nll_value, statistics.nll_gradient)),
    "mse_loss": (statistics.mse_value, statistics.mse_gradient),
    "batch_norm": (statistics.batch_norm_value, statistics.batch_norm_gradient),
}


def value(call: Call) -> Hand | None:
    """Return the operation's whole output by hand; None when its arithmetic is not written out."""
    known = _known(call)
    with np.errstate(all="ignore"):
        return None if known is None else known[0](call)


def gradient(call: Call, which: str, grad_output: Tensor) -> Hand | None:
    """Return the whole gradient of input ``which`` by hand; None when its arithmetic is not written out."""
    known = _known(call)
    with np.errstate(all="ignore"):
        return None if known is None else known[1](call, which, array(grad_output))


def _known(call: Call) -> tuple[Value, Gradient] | None:
    found = explain.written_out(call)
    if isinstance(found, Definition):
        return found.whole, found.whole_gradient
    return None if found is None else WRITTEN.get(call.name)


def compare(hand: Hand, other: Tensor, *given: Tensor, output: Tensor | None = None) -> Verdict:
    """Compare with torch's ``other``; ``given`` are the tensors that went in: their dtypes and numbers count.

    Of the operation's ``output`` the dtype counts too: under autocast it is the coarsest.
    """
    numbers, torch_numbers = hand.numbers, array(other)
    if hand.either is not None:
        numbers = np.where(hand.either & np.isnan(torch_numbers), np.nan, numbers)
    dtype = coarsest([other, *given, *([] if output is None else [output])])
    return compare_numbers(numbers, torch_numbers, hand.scale, hand.terms, dtype, given, hand.peak)
