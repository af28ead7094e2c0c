"""Convolutions and poolings by hand: all windows at a time, one kernel position after another."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from core.explain import convolution, pooling, transposed_convolution
from core.ops.records import Call
from core.ops.whole import Array, Hand, added, array, kept
from core.windows.axis import Axis, adaptive_window

Axes = tuple[Axis, Axis]


def overlap(axis: Axis, k: int) -> tuple[slice, slice]:
    """Return the outputs and the inputs that meet at kernel position ``k``: ``Axis.places`` as two slices."""
    first = max(0, -(-(axis.before - k * axis.dilation) // axis.stride))
    last = min(axis.output - 1, (axis.size - 1 + axis.before - k * axis.dilation) // axis.stride)
    count = max(0, last - first + 1)
    start = axis.position(first, k) if count else 0
    stop = start + (count - 1) * axis.stride + 1 if count else 0
    return slice(first, first + count), slice(start, stop, axis.stride)


def _positions(axes: Axes) -> Iterator[tuple[int, int, Any, Any]]:
    """Yield every kernel position (u, v) with the outputs and the inputs that meet there, as indices."""
    vertical, horizontal = axes
    rows = [overlap(vertical, u) for u in range(vertical.kernel_size)]
    columns = [overlap(horizontal, v) for v in range(horizontal.kernel_size)]
    for (u, (above, below)), (v, (left, right)) in itertools.product(enumerate(rows), enumerate(columns)):
        yield u, v, (..., above, left), (..., below, right)


def _grouped(tensor: Array, groups: int) -> Array:
    """(N, C, H, W) or (C, H, W) -> (N, groups, C / groups, H, W)"""
    batch = tensor if tensor.ndim == 4 else tensor[None]
    n, channels, *size = batch.shape
    return batch.reshape(n, groups, channels // groups, *size)


def gather(x: Array, weight: Array, axes: Axes, groups: int) -> Array:
    """Add up, for each output, the inputs under the kernel times their weights: (N, O, oH, oW)."""
    grouped, kernels = _grouped(x, groups), weight.reshape(groups, -1, *weight.shape[1:])
    n, out = grouped.shape[0], kernels.shape[1]
    y = np.zeros((n, groups, out, axes[0].output, axes[1].output))
    for u, v, outputs, inputs in _positions(axes):
        y[outputs] += _product(kernels[..., u, v], grouped[inputs])
    return y.reshape(n, groups * out, *y.shape[3:])


def spread(g: Array, weight: Array, axes: Axes, groups: int) -> Array:
    """Send each number of g through the kernel to the inputs under it: ``gather`` backwards, (N, C, H, W)."""
    grouped, kernels = _grouped(g, groups), weight.reshape(groups, -1, *weight.shape[1:])
    n, inner = grouped.shape[0], kernels.shape[2]
    x = np.zeros((n, groups, inner, axes[0].size, axes[1].size))
    for u, v, outputs, inputs in _positions(axes):
        x[inputs] += _product(kernels[..., u, v].swapaxes(1, 2), grouped[outputs])
    return x.reshape(n, groups * inner, *x.shape[3:])


def weigh(g: Array, x: Array, axes: Axes, groups: int) -> Array:
    """Add up, for each weight, the inputs that it met times g of those places: (O, C / groups, kH, kW)."""
    of_g, of_x = _grouped(g, groups), _grouped(x, groups)
    out, inner = of_g.shape[2], of_x.shape[2]
    grad = np.zeros((groups, out, inner, axes[0].kernel_size, axes[1].kernel_size))
    for u, v, outputs, inputs in _positions(axes):
        left, right = _flat(of_g[outputs]), _flat(of_x[inputs])
        grad[..., u, v] = np.matmul(left, right.swapaxes(2, 3)).sum(0)
    return grad.reshape(groups * out, inner, *grad.shape[3:])


def _flat(tensor: Array) -> Array:
    """(N, G, C, h, w) -> (N, G, C, h·w)"""
    return tensor.reshape(*tensor.shape[:3], tensor.shape[3] * tensor.shape[4])


def _product(kernels: Array, cells: Array) -> Array:
    """(G, O, C) times (N, G, C, h, w) -> (N, G, O, h, w)"""
    if kernels.shape[2] == 1:
        return np.asarray(kernels[..., None] * cells)
    product = np.matmul(kernels, _flat(cells))
    return np.asarray(product.reshape(*cells.shape[:2], kernels.shape[1], *cells.shape[3:]))


def _with_bias(call: Call, hand: Hand) -> Hand:
    numbers, scale = hand.numbers, hand.scale
    if "bias" in call.tensors:
        bias = array(call.tensors["bias"])[:, None, None]
        numbers, scale = numbers + bias, scale + np.abs(bias)
    shape = tuple(call.output.shape)
    either = None if hand.either is None else np.broadcast_to(hand.either, numbers.shape).reshape(shape)
    return Hand(numbers.reshape(shape), scale.reshape(shape), hand.terms + 1, hand.peak, either)


def _shaped(hand: Hand, shape: tuple[int, ...]) -> Hand:
    either = None if hand.either is None else np.broadcast_to(hand.either, hand.numbers.shape).reshape(shape)
    return Hand(hand.numbers.reshape(shape), hand.scale.reshape(shape), hand.terms, hand.peak, either)


def _either(hand: Hand, infinite: Array) -> Hand:
    """Say that torch may have nan wherever one of the numbers that can meet the padding is not finite."""
    if np.isfinite(infinite).all():
        return hand
    return Hand(hand.numbers, hand.scale, hand.terms, hand.peak, np.ones(hand.numbers.shape, bool))


def _options(call: Call) -> int:
    return int(call.options.get("groups", 1))


def conv2d_value(call: Call) -> Hand:
    """Σ x·w + b over each window"""
    x, weight, axes = array(call.tensors["input"]), array(call.tensors["weight"]), convolution.axes(call)
    groups = _options(call)
    hand = added(lambda a, b: gather(a, b, axes, groups), x, weight, terms=math.prod(weight.shape[1:]))
    return _with_bias(call, _either(hand, weight))


def conv2d_gradient(call: Call, which: str, g: Array) -> Hand:
    """x: g spread through the kernel; w: the input under each kernel position weighted by g; b: Σ g"""
    if which == "bias":
        return bias_gradient(g)
    x, weight, axes = array(call.tensors["input"]), array(call.tensors["weight"]), convolution.axes(call)
    groups, shape = _options(call), tuple(call.tensors[which].shape)
    if which == "input":
        terms = weight.shape[0] // groups * math.prod(weight.shape[2:])
        hand = added(lambda a, b: spread(a, b, axes, groups), g, weight, terms=terms)
        return _shaped(_either(hand, weight), shape)
    terms = g.size // weight.shape[0]
    return _shaped(_either(added(lambda a, b: weigh(a, b, axes, groups), g, x, terms=terms), g), shape)


def transposed_value(call: Call) -> Hand:
    """Every input cell lays its kernel down: the input's gradient of a convolution"""
    x, weight, axes = array(call.tensors["input"]), array(call.tensors["weight"]), transposed_convolution.axes(call)
    groups = _options(call)
    terms = weight.shape[0] // groups * math.prod(weight.shape[2:])
    hand = added(lambda a, b: spread(a, b, axes, groups), x, weight, terms=terms)
    return _with_bias(call, _either(hand, weight))


def transposed_gradient(call: Call, which: str, g: Array) -> Hand:
    """x: g under the kernel weighted; w: g where it was laid, times the input; b: Σ g"""
    if which == "bias":
        return bias_gradient(g)
    x, weight, axes = array(call.tensors["input"]), array(call.tensors["weight"]), transposed_convolution.axes(call)
    groups, shape = _options(call), tuple(call.tensors[which].shape)
    if which == "input":
        hand = added(lambda a, b: gather(a, b, axes, groups), g, weight, terms=math.prod(weight.shape[1:]))
        return _shaped(_either(hand, weight), shape)
    terms = x.size // weight.shape[0]
    return _shaped(_either(added(lambda a, b: weigh(a, b, axes, groups), x, g, terms=terms), x), shape)


def bias_gradient(g: Array) -> Hand:
    """Σ g over everything but the channel, the third dimension from behind"""
    dims = (0, 2, 3) if g.ndim == 4 else (1, 2)
    return added(lambda a: np.asarray(a.sum(dims)), g, terms=g.size // max(g.shape[-3], 1))


def _windows(call: Call) -> list[list[tuple[Any, Any]]]:
    """Return for height and width the pairs (outputs, inputs) of indices whose sums make every window's sum."""
    x, y = call.tensors["input"], call.output
    if call.name.startswith("adaptive"):
        sides = [(x.shape[d], y.shape[d]) for d in ((-1,) if call.name.endswith("1d") else (-2, -1))]
        cells = [[(o, i) for o in range(m) for i in adaptive_window(o, n, m)] for n, m in sides]
        return [_merged(pairs) for pairs in cells]
    return [[overlap(axis, k) for k in range(axis.kernel_size)] for axis in pooling.axes(call)]


def _merged(pairs: list[tuple[int, int]]) -> list[tuple[Any, Any]]:
    """Sort the pairs (output, input) into lists in which no output and no input comes twice."""
    layers: list[tuple[list[int], list[int]]] = []
    for o, i in pairs:
        for outputs, inputs in layers:
            if o not in outputs[-1:] and i not in inputs[-1:]:
                break
        else:
            outputs, inputs = [], []
            layers.append((outputs, inputs))
        outputs.append(o)
        inputs.append(i)
    return [(outputs, inputs) for outputs, inputs in layers]


def _moved(x: Array, side: int, sides: int) -> Array:
    """Put the dimension of this side last."""
    return np.moveaxis(x, side - sides, -1)


def _sums(x: Array, windows: list[list[tuple[Any, Any]]], sizes: tuple[int, ...], backwards: bool = False) -> Array:
    """Add up every window, one side after the other; ``backwards`` sends each output to the cells of its window."""
    for side, (pairs, size) in enumerate(zip(windows, sizes, strict=True)):
        moved = _moved(x, side, len(windows))
        result = np.zeros((*moved.shape[:-1], size))
        for outputs, inputs in pairs:
            if backwards:
                result[..., inputs] += moved[..., outputs]
            else:
                result[..., outputs] += moved[..., inputs]
        x = np.moveaxis(result, -1, side - len(windows))
    return x


def _divisors(call: Call) -> Array:
    """Return what each window's sum is divided by: see ``pooling.divisor``."""
    sides = 1 if call.name.endswith("1d") else 2
    out = tuple(call.output.shape[-sides:])
    if call.options.get("divisor_override"):
        return np.full(out, float(call.options["divisor_override"]))
    if call.name.startswith("adaptive") or not call.options.get("count_include_pad", True):
        return _sums(np.ones(tuple(call.tensors["input"].shape[-sides:])), _windows(call), out)
    counts = []
    for axis in pooling.axes(call):
        starts = np.arange(axis.output) * axis.stride - axis.before
        counts.append(np.minimum(starts + axis.kernel_size, axis.size + axis.before) - starts)
    return np.asarray(counts[0][:, None] * counts[1], dtype=np.float64)


def mean_value(call: Call) -> Hand:
    """The sum of each window over n"""
    windows, n = _windows(call), _divisors(call)
    out = tuple(call.output.shape[-len(windows) :])
    terms = math.prod(len(pairs) for pairs in windows)
    x = array(call.tensors["input"])
    return added(lambda a: _sums(a, windows, out) / n, x, terms=terms, of_all=n.max(initial=1.0))


def mean_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g / n to each cell of its window"""
    windows, n = _windows(call), _divisors(call)
    sizes = tuple(call.tensors["input"].shape[-len(windows) :])
    terms = math.prod(len(pairs) for pairs in windows)
    return added(lambda a: _sums(a / n, windows, sizes, backwards=True), g, terms=terms)


def _winners(call: Call) -> tuple[Array, Array]:
    """Return the greatest number of every window and its kernel position; -inf and -1 where a window is empty."""
    x, axes = array(call.tensors["input"]), pooling.axes(call)
    best = np.full(tuple(call.output.shape), -np.inf)
    won = np.full(best.shape, -1)
    for u, v, outputs, inputs in _positions(axes):
        number, old, place = x[inputs], best[outputs], won[outputs]
        better = (number > old) | (place < 0) | (np.isnan(number) & (pooling.last_nan_wins() | ~np.isnan(old)))
        best[outputs] = np.where(better, number, old)
        won[outputs] = np.where(better, u * axes[1].kernel_size + v, place)
    return best, won


def max_value(call: Call) -> Hand:
    """The greatest of each window"""
    return kept(_winners(call)[0])


def max_gradient(call: Call, _which: str, g: Array) -> Hand:
    """All of g to each window's winner"""
    won, axes, shape = _winners(call)[1], pooling.axes(call), tuple(call.tensors["input"].shape)

    def sent(arrived: Array) -> Array:
        grad = np.zeros(shape)
        for u, v, outputs, inputs in _positions(axes):
            grad[inputs] += np.where(won[outputs] == u * axes[1].kernel_size + v, arrived[outputs], 0.0)
        return grad

    return added(sent, g, terms=math.prod(axis.kernel_size for axis in axes))
