"""Activations and dropout by hand, all cells at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.explain import clamp, dropout, threshold
from core.ops.pointwise import narrowed
from core.ops.records import Call
from core.ops.whole import Array, Hand, array, kept


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


def _dropped(call: Call) -> Any:
    return array(call.saved["mask"]) * dropout.scale(call) if dropout.training(call) else 1.0


def dropout_value(call: Call) -> Hand:
    """x · mask / (1 − p)"""
    return kept(np.asarray(array(call.tensors["input"]) * _dropped(call)))


def dropout_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g · mask / (1 − p)"""
    return kept(np.asarray(g * _dropped(call)))
