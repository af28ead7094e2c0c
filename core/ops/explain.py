"""One cell or a whole tensor of a call by hand, whichever operation it is; PyTorch is what it is compared with."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from core.ops.definition import Definition
from core.ops.records import Call, Explanation, Index
from core.ops.registry import DEFINITIONS
from core.ops.whole import Hand, array


def written_out(call: Call) -> Definition | None:
    """Return the definition of ``call``'s operation; None where there is none, and for complex numbers."""
    of_complex = any(tensor.is_complex() for tensor in (*call.tensors.values(), call.output))
    return None if of_complex else DEFINITIONS.get(call.name)


def value(call: Call, index: Index) -> Explanation | None:
    """Open element ``index`` of ``call.output``; None when the operation has no written-out arithmetic."""
    known = written_out(call)
    return None if known is None else known.value(call, index)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of ``grad``, the gradient of ``call.tensors[which]``; None when not written out."""
    known = written_out(call)
    return None if known is None else known.gradient(call, which, grad_output, grad, index)


def whole(call: Call) -> Hand | None:
    """Return the operation's whole output by hand; None when its arithmetic is not written out."""
    known = written_out(call)
    with np.errstate(all="ignore"):
        return None if known is None else known.whole(call)


def whole_gradient(call: Call, which: str, grad_output: Tensor) -> Hand | None:
    """Return the whole gradient of input ``which`` by hand; None when its arithmetic is not written out."""
    known = written_out(call)
    with np.errstate(all="ignore"):
        return None if known is None else known.whole_gradient(call, which, array(grad_output))
