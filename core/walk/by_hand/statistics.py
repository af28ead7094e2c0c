"""Softmax, losses and batch normalisation by hand, all cells at once."""

from __future__ import annotations

import math

import numpy as np

from core.explain import log_softmax, mse_loss
from core.ops.pointwise import narrowed
from core.ops.records import Call
from core.ops.whole import Array, Hand, array, largest


def _log_softmax(x: Array, dim: int) -> tuple[Array, Array]:
    """Return x − m − log Σ e^(x − m), and what its rounding errors are relative to."""
    if not x.ndim:
        y, scale = _log_softmax(x[None], 0)
        return y[0], scale[0]
    m = x.max(dim, keepdims=True)
    logarithm = np.log(np.exp(x - m).sum(dim, keepdims=True))
    return x - m - logarithm, np.abs(x) + 2 * np.abs(m) + np.abs(logarithm) + 1


def _along(x: Array, dim: int) -> Array:
    """Return the sum along ``dim``, which stays with size 1; of a number, itself."""
    return x.sum(dim, keepdims=True) if x.ndim else x


def _rows(call: Call, dim: int) -> int:
    x = call.tensors["input"]
    return x.shape[dim] if x.dim() else 1


def log_softmax_value(call: Call) -> Hand:
    """x − m − log Σ e^(x − m)"""
    dim = log_softmax.dimension(call)
    return Hand(*_log_softmax(array(call.tensors["input"]), dim), _rows(call, dim))


def log_softmax_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g − p Σ g"""
    dim = log_softmax.dimension(call)
    y, unit = _log_softmax(array(call.tensors["input"]), dim)
    p, whole = np.exp(y), _along(np.abs(g), dim)
    numbers, scale = g - p * _along(g, dim), (np.abs(g) + p * whole) * _widest(unit)
    return Hand(np.asarray(numbers), np.asarray(scale), _rows(call, dim) + 1, float(whole.max(initial=0.0)))


def _widest(unit: Array) -> float:
    return 1 + largest(unit[np.isfinite(unit)])


def softmax_value(call: Call) -> Hand:
    """e^(x − m) / Σ e^(x − m)"""
    dim = log_softmax.dimension(call)
    y, unit = _log_softmax(array(call.tensors["input"]), dim)
    return Hand(np.exp(y), np.exp(y) * unit, _rows(call, dim))


def softmax_gradient(call: Call, _which: str, g: Array) -> Hand:
    """y (g − Σ g y)"""
    dim = log_softmax.dimension(call)
    logarithms, unit = _log_softmax(array(call.tensors["input"]), dim)
    y = np.exp(logarithms)
    numbers = y * g - y * _along(g * y, dim)
    scale = (np.abs(y * g) + y * _along(np.abs(g) * y, dim)) * _widest(unit)
    return Hand(np.asarray(numbers), np.asarray(scale), _rows(call, dim) + 1, largest(g))


class _Labels:
    """The targets of ``nll_loss`` and ``cross_entropy`` as arrays with the classes in dimension 1: (N, C, ...)."""

    def __init__(self, call: Call) -> None:
        x, target = array(call.tensors["input"]), call.tensors["target"].numpy()
        self.single = x.ndim == 1
        self.x, target = (x[None], target[None]) if self.single else (x, target)
        self.classes, self.reduction = self.x.shape[1], str(call.options.get("reduction", "mean"))
        self.there = target != call.options.get("ignore_index", -100)
        self.target = np.where(self.there, target, 0)
        weight = call.tensors.get("weight")
        self.of_class = np.ones(self.classes) if weight is None else array(weight)
        self.weight = np.where(self.there, self.of_class[self.target], 0.0)
        self.divisor = self.weight.sum() if self.reduction == "mean" else 1.0
        self.spread = float(call.options.get("label_smoothing", 0.0))

    def picked(self, numbers: Array) -> Array:
        """Return the number of each example's own class."""
        return np.take_along_axis(numbers, self.target[:, None], 1)[:, 0]

    def mask(self) -> Array:
        """Return where the classes are the targets: (N, C, ...)."""
        places = np.arange(self.classes).reshape(1, -1, *(1,) * (self.target.ndim - 1))
        return np.asarray(self.target[:, None] == places)

    def broadcast(self) -> Array:
        """Return the weights of the classes in dimension 1."""
        return self.of_class.reshape(1, -1, *(1,) * (self.target.ndim - 1))


def _written(call: Call) -> bool:
    return not call.tensors["target"].is_floating_point()


def nll_value(call: Call) -> Hand | None:
    """−Σ w · log p of the target's class, over Σ w; with label smoothing every class has its share"""
    if not _written(call):
        return None
    labels = _Labels(call)
    log_p, unit = (labels.x, np.abs(labels.x)) if call.name == "nll_loss" else _log_softmax(labels.x, 1)
    own = np.where(labels.there, labels.weight * labels.picked(log_p), 0.0)
    scale = np.where(labels.there, np.abs(labels.weight * labels.picked(unit)), 0.0)
    if labels.spread:
        every, of_class = (labels.broadcast() * log_p).sum(1), (np.abs(labels.broadcast()) * unit).sum(1)
        share = labels.spread / labels.classes
        own = (1 - labels.spread) * own + np.where(labels.there, share * every, 0.0)
        scale = scale + np.where(labels.there, share * of_class, 0.0)
    if labels.reduction == "none":
        return _of_shape(call, Hand(-own, scale, labels.classes))
    numbers, whole = np.asarray(-own.sum() / labels.divisor), scale.sum()
    terms = own.size * (labels.classes if labels.spread else 1)
    return Hand(numbers, np.asarray(whole / labels.divisor), terms, float(whole))


def _of_shape(call: Call, hand: Hand) -> Hand:
    shape = tuple(call.output.shape)
    return Hand(hand.numbers.reshape(shape), hand.scale.reshape(shape), hand.terms, hand.peak)


def nll_gradient(call: Call, which: str, g: Array) -> Hand | None:
    """nll_loss: −w/Σw at the target's class; cross_entropy: p − 1 there and p elsewhere, times w/Σw"""
    if not _written(call) or which != "input":
        return None
    labels = _Labels(call)
    arrived = (
        g.reshape(labels.target.shape) if labels.reduction == "none" else np.broadcast_to(g, labels.target.shape)
    )
    share = np.where(labels.there, arrived * labels.weight / labels.divisor, 0.0)[:, None]
    hit = labels.mask() & labels.there[:, None]
    if call.name == "nll_loss":
        grad = np.where(hit, -share, 0.0)
        return Hand(
            grad.reshape(tuple(call.tensors["input"].shape)), np.abs(grad).reshape(call.tensors["input"].shape)
        )
    log_p, unit = _log_softmax(labels.x, 1)
    p = np.exp(log_p)
    grad = p * share * (1 - labels.spread) - np.where(hit, share, 0.0) * (1 - labels.spread)
    scale = (p * np.abs(share) + np.where(hit, np.abs(share), 0.0)) * unit
    if labels.spread:
        part = np.where(labels.there, arrived / labels.divisor * labels.spread / labels.classes, 0.0)[:, None]
        grad = grad + part * (p * labels.of_class.sum() - labels.broadcast())
        scale = scale + np.abs(part) * (p * np.abs(labels.of_class).sum() + np.abs(labels.broadcast())) * unit
    shape = tuple(call.tensors["input"].shape)
    return Hand(grad.reshape(shape), scale.reshape(shape), labels.classes, largest(g))


def _difference(call: Call) -> tuple[Array, Array]:
    """Return x − t and the weights, 1 where the call has none."""
    difference = array(call.tensors["input"]) - array(call.tensors["target"])
    return difference, array(call.tensors["weight"]) if "weight" in call.tensors else np.ones(())


def mse_value(call: Call) -> Hand:
    """w (x − t)², its mean or its sum"""
    difference, weight = _difference(call)
    squares = difference * difference * weight
    if call.options.get("reduction", "mean") == "none":
        return Hand(squares, np.abs(squares), 1, largest(difference))
    whole, scale = squares.sum(), np.abs(squares).sum()
    share = mse_loss.share(call)
    if math.isinf(share):  # a mean over nothing
        return Hand(np.asarray(whole / 0.0), np.asarray(scale), squares.size)
    return Hand(np.asarray(whole * share), np.asarray(scale * abs(share)), squares.size, float(scale))


def mse_gradient(call: Call, which: str, g: Array) -> Hand | None:
    """±2 w (x − t) · g, over n for the mean; summed where broadcasting used one cell several times"""
    if which == "weight":
        return None
    difference, weight = _difference(call)
    whole = 2 * difference * weight * g * mse_loss.share(call) * (1 if which == "input" else -1)
    shape = tuple(call.tensors[which].shape)
    terms = whole.size // max(call.tensors[which].numel(), 1)
    peak = max(largest(difference), largest(2 * difference * weight), largest(g))
    return Hand(narrowed(whole, shape), narrowed(np.abs(whole), shape), max(terms, 1), peak)


class _Norm:
    """A batch normalisation with the channels first: (C, all cells of the channel)."""

    def __init__(self, call: Call) -> None:
        x = array(call.tensors["input"])
        self.moved = np.moveaxis(x, 1, 0).shape
        self.x = self.channels_first(x)
        self.training = bool(call.options.get("training", True))
        if self.training:
            self.mean, self.variance = self.x.mean(1, keepdims=True), self.x.var(1, keepdims=True)
        else:
            self.mean = array(call.tensors["running_mean"])[:, None]
            self.variance = array(call.tensors["running_var"])[:, None]
        self.scale = 1 / np.sqrt(self.variance + float(call.options.get("eps", 1e-5)))
        self.gamma, self.beta = (
            array(call.tensors[name])[:, None] if name in call.tensors else np.full((1, 1), standard)
            for name, standard in (("weight", 1.0), ("bias", 0.0))
        )
        self.normed = (self.x - self.mean) * self.scale
        # how far a rounded mean may move x̂
        self.unit = (np.abs(self.x) + np.abs(self.mean)) * self.scale + np.abs(self.normed)

    def channels_first(self, x: Array) -> Array:
        """(N, C, ...) -> (C, N·...)"""
        return np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)

    def back(self, numbers: Array) -> Array:
        """(C, N·...) -> (N, C, ...)"""
        return np.moveaxis(numbers.reshape(self.moved), 0, 1)

    def peak(self, *others: Array) -> float:
        """Return the largest number on the way: the squares of the variance, or one of ``others``."""
        return max([largest(self.x * self.x), *map(largest, others)])


def batch_norm_value(call: Call) -> Hand | None:
    """γ (x − μ) / √(σ² + ε) + β"""
    norm = _Norm(call)
    slope = norm.gamma * norm.scale
    y = norm.normed * norm.gamma + norm.beta
    multiplied = norm.x * slope + (norm.beta - norm.mean * slope)  # as torch does it, where γ/√(σ² + ε) is infinite
    numbers = np.where(np.isfinite(slope), y, multiplied)
    scale = np.abs(norm.gamma) * norm.unit + np.abs(norm.beta)
    return Hand(norm.back(numbers), norm.back(scale), norm.x.shape[1], norm.peak(slope))


def batch_norm_gradient(call: Call, which: str, arrived: Array) -> Hand | None:
    """γ: Σ g x̂; β: Σ g; x: γ/√(σ² + ε) (g − mean of g − x̂ · mean of g x̂), in eval γ/√(σ² + ε) g"""
    if which not in ("input", "weight", "bias"):
        return None
    norm = _Norm(call)
    g = norm.channels_first(arrived)
    n, sizes = max(g.shape[1], 1), np.abs(g)
    if which == "bias":
        return Hand(g.sum(1), sizes.sum(1), n, largest(g))
    if which == "weight":
        return Hand((g * norm.normed).sum(1), (sizes * norm.unit).sum(1), n, norm.peak(g))
    slope = norm.gamma * norm.scale
    if not norm.training:
        return Hand(norm.back(slope * g), norm.back(np.abs(slope) * sizes), 1, norm.peak(slope))
    inner = g - g.mean(1, keepdims=True) - norm.normed * (g * norm.normed).mean(1, keepdims=True)
    scale = sizes + sizes.mean(1, keepdims=True) + norm.unit * (sizes * norm.unit).mean(1, keepdims=True)
    whole = sizes.sum(1, keepdims=True) * norm.scale
    peak = norm.peak(slope, whole * (1 + norm.scale * np.abs(norm.x).max(1, initial=0.0, keepdims=True)))
    return Hand(norm.back(inner * slope), norm.back(scale * np.abs(slope)), n, peak)
