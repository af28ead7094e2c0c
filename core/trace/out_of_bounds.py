"""Calls that PyTorch does not check and that would read or write outside a tensor: refused before they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from core.errors import N_
from core.windows import sizes
from core.windows.sizes import UncheckedByTorch

POOLINGS = {f"max_pool{dims}d{form}": dims for dims in (1, 2, 3) for form in ("", "_with_indices")}


def check(name: str, arguments: dict[str, Any]) -> None:
    """Raise ``UncheckedByTorch`` where calling ``name`` with ``arguments``, by PyTorch's names, is not safe."""
    if name in POOLINGS:
        _max_pool(POOLINGS[name], arguments)
    elif name in OTHERS:
        OTHERS[name](arguments)


def _max_pool(dims: int, arguments: dict[str, Any]) -> None:
    """Refuse a window that lies in the padding alone; what PyTorch itself rejects is left to its own words."""
    x = arguments.get("input")
    kernel = _each(arguments.get("kernel_size"), dims)
    stride = _each(arguments.get("stride") or kernel, dims)
    padding, dilation = _each(arguments.get("padding", 0), dims), _each(arguments.get("dilation", 1), dims)
    if not isinstance(x, Tensor) or x.dim() < dims or None in (kernel, stride, padding, dilation):
        return
    assert kernel and stride and padding and dilation
    for size, k, s, p, d in zip(x.shape[-dims:], kernel, stride, padding, dilation, strict=True):
        if size < 1 or min(k, s, d) < 1 or not 0 <= 2 * p <= d * (k - 1) + 1:
            return  # PyTorch refuses it
        windows = -(-(size + p) // s)  # up to the end of the input; there may be fewer
        sizes.check_windows(sizes.Size("pool", size, k, s, p, p, d, windows))


def _each(value: Any, dims: int) -> tuple[int, ...] | None:
    """Return the number of each dimension; None for what is neither one number nor one for each."""
    values = tuple(value) if isinstance(value, tuple | list) else (value,)
    if len(values) == 1:
        values *= dims
    return values if len(values) == dims and all(isinstance(one, int) for one in values) else None


def _ctc_loss(arguments: dict[str, Any]) -> None:
    """Refuse a label beyond the classes: PyTorch reads its probability from behind the tensor."""
    scores, targets = arguments.get("log_probs"), arguments.get("targets")
    if not isinstance(scores, Tensor) or not isinstance(targets, Tensor) or scores.dim() < 2 or not targets.numel():
        return
    classes, low, high = scores.shape[-1], int(targets.min()), int(targets.max())
    if low < 0 or high >= classes:
        raise UncheckedByTorch(
            N_("ctc_loss: label {label} names none of the classes 0 to {last}, and PyTorch does not check that"),
            label=low if low < 0 else high,
            last=classes - 1,
        )


OTHERS: dict[str, Callable[[dict[str, Any]], None]] = {"ctc_loss": _ctc_loss}
