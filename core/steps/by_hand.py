"""Whole tensors by hand, in float64 NumPy: what every cell's explanation says, for all cells at once.

``value(call)`` gives the output, ``gradient(call, which, grad_output)`` one input's gradient, and None where
the arithmetic is not written out. torch is not asked: it is what these are compared with.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.convolution.axis import Axis
from core.explain import clamp, convolution, dropout, log_softmax, mse_loss, nll_loss, pooling
from core.explain.records import Call

Array = NDArray[np.float64]


def array(tensor: Tensor) -> Array:
    """Return the numbers of ``tensor`` in float64."""
    return tensor.detach().cpu().double().numpy()


def linear_value(call: Call) -> Array:
    """y = x Wᵀ + b"""
    y = array(call.tensors["input"]) @ array(call.tensors["weight"]).T
    return y + array(call.tensors["bias"]) if "bias" in call.tensors else y


def linear_gradient(call: Call, which: str, g: Array) -> Array:
    """x: g W; W: gᵀ x; b: Σ g"""
    x, weight = array(call.tensors["input"]), array(call.tensors["weight"])
    rows = g.reshape(-1, g.shape[-1])
    if which == "input":
        return g @ weight
    return rows.T @ x.reshape(-1, x.shape[-1]) if which == "weight" else rows.sum(0)


def _batched(tensor: Array) -> Array:
    return tensor if tensor.ndim == 4 else tensor[None]


def _met(vertical: Axis, horizontal: Axis, u: int, v: int) -> tuple[Any, Any]:
    """Return the outputs and the inputs that meet at kernel position (u, v), as indices of the last two axes."""
    rows, columns = vertical.places(u), horizontal.places(v)
    outputs = np.ix_([o for o, _ in rows], [o for o, _ in columns])
    inputs = np.ix_([i for _, i in rows], [i for _, i in columns])
    return (..., *outputs), (..., *inputs)


def _groups(call: Call) -> list[tuple[slice, slice]]:
    """Return each group's output channels and input channels."""
    weight, count = call.tensors["weight"], int(call.options.get("groups", 1))
    out, inner = weight.shape[0] // count, weight.shape[1]
    return [(slice(k * out, (k + 1) * out), slice(k * inner, (k + 1) * inner)) for k in range(count)]


def conv2d_value(call: Call) -> Array:
    """Add up, kernel position by kernel position, the input under it times its weight."""
    x, weight = _batched(array(call.tensors["input"])), array(call.tensors["weight"])
    y = np.zeros((x.shape[0], weight.shape[0], *call.output.shape[-2:]))
    for (u, v), (out, inner) in itertools.product(np.ndindex(weight.shape[2:]), _groups(call)):
        outputs, inputs = _met(*convolution.axes(call), u, v)
        y[:, out][outputs] += np.einsum("ncij,oc->noij", x[:, inner][inputs], weight[out, :, u, v])
    if "bias" in call.tensors:
        y += array(call.tensors["bias"])[:, None, None]
    return np.asarray(y.reshape(tuple(call.output.shape)))


def conv2d_gradient(call: Call, which: str, g: Array) -> Array:
    """x: g spread through the kernel; w: the input under each kernel position weighted by g; b: Σ g"""
    x, weight, g = _batched(array(call.tensors["input"])), array(call.tensors["weight"]), _batched(g)
    if which == "bias":
        return np.asarray(g.sum((0, 2, 3)))
    grad = np.zeros(x.shape if which == "input" else weight.shape)
    for (u, v), (out, inner) in itertools.product(np.ndindex(weight.shape[2:]), _groups(call)):
        outputs, inputs = _met(*convolution.axes(call), u, v)
        if which == "input":
            grad[:, inner][inputs] += np.einsum("noij,oc->ncij", g[:, out][outputs], weight[out, :, u, v])
        else:
            grad[out, :, u, v] = np.einsum("noij,ncij->oc", g[:, out][outputs], x[:, inner][inputs])
    return np.asarray(grad.reshape(tuple(call.tensors[which].shape)))


def _window(call: Call, i: int, j: int) -> Any:
    """Return the index of the cells in window (i, j): rows and columns under the last two axes."""
    cells = np.array(pooling.window(call, i, j))
    return (..., cells[:, 0], cells[:, 1])


def pooling_value(call: Call) -> Array:
    """The greatest of each window, or its sum over n."""
    x, y = array(call.tensors["input"]), np.zeros(tuple(call.output.shape))
    for i, j in np.ndindex(y.shape[-2:]):
        window = x[_window(call, i, j)]
        greatest = call.name == "max_pool2d"
        y[..., i, j] = window.max(-1) if greatest else window.sum(-1) / pooling.divisor(call, i, j)
    return y


def pooling_gradient(call: Call, _which: str, g: Array) -> Array:
    """All of g to each window's winner, or g / n to each of its cells."""
    x = array(call.tensors["input"])
    grad = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape[-2:]):
        place = _window(call, i, j)
        if call.name == "max_pool2d":
            won = np.arange(x[place].shape[-1]) == x[place].argmax(-1)[..., None]
            grad[place] += won * g[..., i, j, None]
        else:
            grad[place] += g[..., i, j, None] / pooling.divisor(call, i, j)
    return grad


def relu_value(call: Call) -> Array:
    """max(0, x)"""
    return np.maximum(array(call.tensors["input"]), 0.0)


def relu_gradient(call: Call, _which: str, g: Array) -> Array:
    """g where x > 0"""
    return g * (array(call.tensors["input"]) > 0)


def clamp_value(call: Call) -> Array | None:
    """x within the limits"""
    limits = clamp.limits(call)
    return None if limits is None else np.clip(array(call.tensors["input"]), *limits)


def clamp_gradient(call: Call, _which: str, g: Array) -> Array | None:
    """g where x is within the limits"""
    limits, x = clamp.limits(call), array(call.tensors["input"])
    return None if limits is None else g * ((x >= limits[0]) & (x <= limits[1]))


def view_value(call: Call) -> Array:
    """The same numbers in another shape"""
    return array(call.tensors["input"]).reshape(tuple(call.output.shape))


def view_gradient(call: Call, _which: str, g: Array) -> Array:
    """The gradient in the old shape"""
    return g.reshape(tuple(call.tensors["input"].shape))


def _kept(call: Call) -> Any:
    return array(call.saved["mask"]) * dropout.scale(call) if dropout.training(call) else 1.0


def dropout_value(call: Call) -> Array:
    """x · mask / (1 − p)"""
    return np.asarray(array(call.tensors["input"]) * _kept(call))


def dropout_gradient(call: Call, _which: str, g: Array) -> Array:
    """g · mask / (1 − p)"""
    return np.asarray(g * _kept(call))


def _log_softmax(x: Array, dim: int) -> Array:
    shifted = x - x.max(dim, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(dim, keepdims=True)))


def log_softmax_value(call: Call) -> Array:
    """x − m − log Σ e^(x − m)"""
    return _log_softmax(array(call.tensors["input"]), log_softmax.dimension(call))


def log_softmax_gradient(call: Call, _which: str, g: Array) -> Array:
    """g − p Σ g"""
    dim = log_softmax.dimension(call)
    return np.asarray(g - np.exp(log_softmax_value(call)) * g.sum(dim, keepdims=True))


def _log_probabilities(call: Call) -> Array:
    x = array(call.tensors["input"])
    return x if call.name == "nll_loss" else _log_softmax(x, 0 if x.ndim == 1 else 1)


def _labelled(call: Call) -> bool:
    return not call.tensors["target"].is_floating_point() and not call.options.get("label_smoothing", 0.0)


def nll_value(call: Call) -> Array | None:
    """−Σ w · log p of the target's class, over Σ w"""
    if not _labelled(call):
        return None
    log_p, y = _log_probabilities(call), np.zeros(tuple(call.output.shape))
    for where, label, weight in nll_loss.targets(call):
        place = where if call.options.get("reduction", "mean") == "none" else ()
        cell = nll_loss.picked(call.tensors["input"], where, label)
        y[place] -= weight * log_p[cell] / nll_loss.divisor(call)
    return y


def nll_gradient(call: Call, _which: str, g: Array) -> Array | None:
    """nll_loss: −w/Σw at the target's class; cross_entropy: p − 1 there and p elsewhere, times w/Σw"""
    if not _labelled(call):
        return None
    x = call.tensors["input"]
    grad, p = np.zeros(tuple(x.shape)), np.exp(_log_probabilities(call))
    for where, label, weight in nll_loss.targets(call):
        share = (
            weight * g[where if call.options.get("reduction", "mean") == "none" else ()] / nll_loss.divisor(call)
        )
        row: Any = (slice(None),) if x.dim() == 1 else (where[0], slice(None), *where[1:])
        if call.name == "cross_entropy":
            grad[row] += share * p[row]
        grad[nll_loss.picked(x, where, label)] -= share
    return grad


def mse_value(call: Call) -> Array | None:
    """(x − t)², its mean or its sum"""
    if "weight" in call.tensors:
        return None
    squares = (array(call.tensors["input"]) - array(call.tensors["target"])) ** 2
    return (
        squares
        if call.options.get("reduction", "mean") == "none"
        else np.asarray(squares.sum() * mse_loss.share(call))
    )


def mse_gradient(call: Call, which: str, g: Array) -> Array | None:
    """±2 (x − t) · g, over n for the mean; summed where broadcasting used one cell several times"""
    if "weight" in call.tensors:
        return None
    difference = array(call.tensors["input"]) - array(call.tensors["target"])
    whole = 2 * difference * g * mse_loss.share(call) * (1 if which == "input" else -1)
    shape = tuple(call.tensors[which].shape)
    added = whole.sum(tuple(range(whole.ndim - len(shape)))) if whole.ndim > len(shape) else whole
    stretched = tuple(d for d, size in enumerate(shape) if size == 1 and added.shape[d] != 1)
    return np.asarray(added.sum(stretched, keepdims=True))


Value = Callable[[Call], "Array | None"]
Gradient = Callable[[Call, str, Array], "Array | None"]
WRITTEN: dict[str, tuple[Value, Gradient]] = {
    "linear": (linear_value, linear_gradient),
    "conv2d": (conv2d_value, conv2d_gradient),
    **dict.fromkeys(("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"), (pooling_value, pooling_gradient)),
    "relu": (relu_value, relu_gradient),
    "clamp": (clamp_value, clamp_gradient),
    **dict.fromkeys(("view", "flatten", "reshape", "squeeze", "unsqueeze"), (view_value, view_gradient)),
    **dict.fromkeys(("dropout", "dropout2d", "feature_dropout"), (dropout_value, dropout_gradient)),
    "log_softmax": (log_softmax_value, log_softmax_gradient),
    **dict.fromkeys(("nll_loss", "cross_entropy"), (nll_value, nll_gradient)),
    "mse_loss": (mse_value, mse_gradient),
}


def value(call: Call) -> Array | None:
    """Return the operation's whole output by hand; None when its arithmetic is not written out."""
    return WRITTEN[call.name][0](call) if call.name in WRITTEN else None


def gradient(call: Call, which: str, grad_output: Tensor) -> Array | None:
    """Return the whole gradient of input ``which`` by hand; None when its arithmetic is not written out."""
    return WRITTEN[call.name][1](call, which, array(grad_output)) if call.name in WRITTEN else None


def difference(hand: Array, torch_tensor: Tensor) -> float:
    """Return the largest absolute difference; two NaNs or two equal infinities do not differ."""
    other = array(torch_tensor)
    same = (hand == other) | (np.isnan(hand) & np.isnan(other))
    with np.errstate(invalid="ignore"):
        apart = np.where(same, 0.0, np.abs(hand - other))
    return float(apart.max(initial=0.0)) if not np.isnan(apart).any() else math.nan
