"""Matrix products, activations, shapes and dropout by hand, all cells at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.explain import clamp, dropout, threshold
from core.ops.records import Call
from core.ops.whole import Array, Hand, added, array, kept


def linear_value(call: Call) -> Hand:
    """y = x Wᵀ + b"""
    x, weight = array(call.tensors["input"]), array(call.tensors["weight"])
    hand = added(lambda a, w: a @ w.T, x, weight, terms=weight.shape[-1])
    if "bias" not in call.tensors:
        return hand
    bias = array(call.tensors["bias"])
    return Hand(hand.numbers + bias, hand.scale + np.abs(bias), hand.terms + 1, hand.peak)


def linear_gradient(call: Call, which: str, g: Array) -> Hand:
    """x: g W; W: gᵀ x; b: Σ g"""
    x, weight = array(call.tensors["input"]), array(call.tensors["weight"])
    if which == "input":
        return added(lambda a, w: a @ w, g, weight, terms=weight.shape[0])
    rows = g.reshape(-1, g.shape[-1])
    if which == "bias":
        return added(lambda a: np.asarray(a.sum(0)), rows, terms=rows.shape[0])
    return added(lambda a, b: a.T @ b, rows, x.reshape(-1, x.shape[-1]), terms=rows.shape[0])


def bmm_value(call: Call) -> Hand:
    """a · c in every entry of the batch"""
    first, second = array(call.tensors["input"]), array(call.tensors["mat2"])
    return added(np.matmul, first, second, terms=first.shape[2])


def bmm_gradient(call: Call, which: str, g: Array) -> Hand:
    """a: g cᵀ; c: aᵀ g"""
    first, second = array(call.tensors["input"]), array(call.tensors["mat2"])
    if which == "input":
        return added(lambda a, c: a @ c.swapaxes(1, 2), g, second, terms=second.shape[2])
    return added(lambda a, b: a.swapaxes(1, 2) @ b, first, g, terms=first.shape[1])


def relu_value(call: Call) -> Hand:
    """max(0, x)"""
    return kept(np.maximum(array(call.tensors["input"]), 0.0))


def relu_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g, or 0 where x ≤ 0"""
    return kept(np.where(array(call.tensors["input"]) <= 0, 0.0, g))


def leaky_relu_value(call: Call) -> Hand:
    """x, times the slope where x is not above 0"""
    x = array(call.tensors["input"])
    return kept(np.where(x > 0, x, x * _slope(call)))


def leaky_relu_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g, times the slope where x is not above 0"""
    return kept(np.where(array(call.tensors["input"]) > 0, g, g * _slope(call)))


def _slope(call: Call) -> float:
    return float(call.options.get("negative_slope", 0.01))


def threshold_value(call: Call) -> Hand:
    """x above the threshold, else the constant"""
    x = array(call.tensors["input"])
    return kept(np.where(x <= threshold.limit(call), float(call.options["value"]), x))


def threshold_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g, or 0 at and below the threshold"""
    return kept(np.where(array(call.tensors["input"]) <= threshold.limit(call), 0.0, g))


def clamp_value(call: Call) -> Hand | None:
    """x within the limits"""
    limits, x = clamp.limits(call), array(call.tensors["input"])
    if limits is None:
        return None
    raised = x if limits.low is None else np.maximum(x, limits.low)
    return kept(raised if limits.high is None else np.minimum(raised, limits.high))


def clamp_gradient(call: Call, _which: str, g: Array) -> Hand | None:
    """g where ``Limits.passes`` says so, else 0"""
    limits, x = clamp.limits(call), array(call.tensors["input"])
    if limits is None:
        return None
    through = np.where(np.isnan(x), limits.nan, True)
    if limits.low is not None:
        through &= np.isnan(x) | (x > limits.low) | (limits.at_low & (x == limits.low))
    if limits.high is not None:
        through &= np.isnan(x) | (x < limits.high) | (limits.at_high & (x == limits.high))
    return kept(np.where(through, g, 0.0))


def extreme_value(call: Call) -> Hand:
    """The greater or the smaller of two numbers"""
    choose = np.maximum if call.name == "maximum" else np.minimum
    return kept(choose(array(call.tensors["input"]), array(call.tensors["other"])))


def extreme_gradient(call: Call, which: str, g: Array) -> Hand:
    """g where this side was kept, g / 2 where both are equal, else 0; added up where it was broadcast"""
    own, other = (array(call.tensors[name]) for name in ((which, "other" if which == "input" else "input")))
    beaten = own < other if call.name == "maximum" else own > other
    share = np.where(own == other, g / 2, np.where(beaten, 0.0, g))
    return Hand(narrowed(share, own.shape), narrowed(np.abs(share), own.shape), share.size // max(own.size, 1))


def narrowed(whole: Array, shape: tuple[int, ...]) -> Array:
    """Add up what broadcasting spread: the gradient of a tensor of ``shape``."""
    summed = whole.sum(tuple(range(whole.ndim - len(shape)))) if whole.ndim > len(shape) else whole
    stretched = tuple(d for d, size in enumerate(shape) if size == 1 and summed.shape[d] != 1)
    return np.asarray(summed.sum(stretched, keepdims=True))


def view_value(call: Call) -> Hand:
    """The same numbers in another shape"""
    return kept(array(call.tensors["input"]).reshape(tuple(call.output.shape)))


def view_gradient(call: Call, _which: str, g: Array) -> Hand:
    """The gradient in the old shape"""
    return kept(g.reshape(tuple(call.tensors["input"].shape)))


def _dropped(call: Call) -> Any:
    return array(call.saved["mask"]) * dropout.scale(call) if dropout.training(call) else 1.0


def dropout_value(call: Call) -> Hand:
    """x · mask / (1 − p)"""
    return kept(np.asarray(array(call.tensors["input"]) * _dropped(call)))


def dropout_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g · mask / (1 − p)"""
    return kept(np.asarray(g * _dropped(call)))
