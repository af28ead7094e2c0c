"""One layer run on one picture: the tensors that torch returned, and what the drawing needs of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypedDict

import torch
import torch.nn.functional as F
from torch import Tensor

from core.convolution.layer import Layer
from core.ops import average_pooling
from core.ops.explanation import Call
from core.windows.unreached_positions import unreached


@dataclass(frozen=True)
class Scene:
    """A layer and the call that ran it: x (C, H, W), weight, bias, and y (O, oH, oW)."""

    layer: Layer
    call: Call

    @property
    def x(self) -> Tensor:
        """What went in, (C, H, W)."""
        return self.call.tensors["input"]

    @property
    def weight(self) -> Tensor | None:
        """The kernels; None for a pooling."""
        return self.call.tensors.get("weight")

    @property
    def bias(self) -> Tensor | None:
        """One number a filter, or None."""
        return self.call.tensors.get("bias")

    @property
    def y(self) -> Tensor:
        """What torch returned, (O, oH, oW)."""
        return self.call.output


def run(layer: Layer, x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Scene:
    """Run ``layer`` on x (C, H, W); raises ``InvalidSetting`` where the sizes are impossible."""
    layer.sizes()
    with torch.no_grad():
        return Scene(layer, layer.call(x, weight, bias))


def channels_of(layer: Layer, output: int) -> list[int]:
    """Return the input channels that output channel ``output`` reads: those of its group."""
    if not layer.has_weights:
        return [output]
    group = output // (layer.out_channels // layer.groups)
    each = layer.in_channels // layer.groups
    return list(range(group * each, (group + 1) * each))


def kernels_of(scene: Scene, output: int) -> Tensor | None:
    """Return the kernels of filter ``output``, one for each channel that it reads: (c, kH, kW)."""
    if scene.weight is None:
        return None
    if scene.layer.kind == "transposed":
        inner = output % (scene.layer.out_channels // scene.layer.groups)
        return scene.weight[channels_of(scene.layer, output), inner]
    return scene.weight[output]


def winners(scene: Scene) -> Tensor | None:
    """Return which cell won each window, row · width + column as torch counts, (O, oH, oW); None if no max."""
    if scene.layer.kind != "max":
        return None
    _, indices = F.max_pool2d(scene.x, **scene.call.options, return_indices=True)
    return indices


@dataclass(frozen=True)
class ThrownAway:
    """Of ``cells`` input cells of one channel, ``in_output`` are in the output; the rest is thrown away."""

    cells: int
    in_output: int


def thrown_away(scene: Scene, channel: int) -> ThrownAway | None:
    """Count the cells that won at least one window of a max pooling; None for other layers."""
    indices = winners(scene)
    if indices is None:
        return None
    return ThrownAway(scene.x[channel].numel(), len(set(indices[channel].flatten().tolist())))


class Facts(TypedDict):
    """The shapes and settings of one drawing; a pair is (height, width)."""

    kind: str  # a key of ``core.convolution.layer.CLASSES``
    size: list[int]
    out: list[int]
    kernel: list[int]
    stride: list[int]
    dilation: list[int]
    before: list[int]
    after: list[int]
    channels: list[int]
    b: float | None
    unreached: list[list[int]]
    bounds: list[float]


class Drawing(Facts):
    """What the drawing in the browser needs of one layer; a grid of numbers is flat."""

    x: list[list[float]]
    w: list[list[float]] | None
    y: list[float | None]
    winners: list[int] | None
    divisors: list[int] | None


def drawing(scene: Scene, output: int) -> Drawing:
    """Return what the drawing of output channel ``output`` needs, as numbers and lists.

    An output of minus infinity (a window of a max pooling that lies in the padding alone) is None, its winner -1.
    """
    height, width = scene.layer.sizes()
    channels = channels_of(scene.layer, output)
    kernels = kernels_of(scene, output)
    window = [height.kernel_size, width.kernel_size]
    x, y = scene.x[channels], scene.y[output]
    won = winners(scene)
    missed = unreached(height), unreached(width)
    return {
        "kind": scene.layer.kind,
        "size": list(scene.layer.size),
        "out": list(y.shape),
        "kernel": window,
        "stride": [height.stride, width.stride],
        "dilation": [height.dilation, width.dilation],
        "before": [height.before, width.before],
        "after": [height.after, width.after],
        "channels": channels,
        "x": x.flatten(1).tolist(),
        "w": None if kernels is None else kernels.flatten(1).tolist(),
        "b": None if scene.bias is None else scene.bias[output].item(),
        "y": [value if math.isfinite(value) else None for value in y.flatten().tolist()],
        "winners": None if won is None else won[output].where(y.isfinite(), -1).flatten().tolist(),
        "divisors": _divisors(scene),
        "unreached": [list(side.positions) for side in missed],
        "bounds": [_bound(x), 1.0 if kernels is None else _bound(kernels), _bound(y)],
    }


def apart(layer: Layer, x: Tensor) -> Drawing:
    """Return what the drawing needs of a layer that cannot be applied: the padded input and the window, no output.

    x (C, H, W) is what would go in; only its first channel is drawn.
    """
    number = (0, 0) if isinstance(layer.padding, str) or layer.kind == "adaptive" else layer.padding
    window = list(layer.output_size if layer.kind == "adaptive" else layer.kernel_size)
    return {
        "kind": layer.kind,
        "size": list(x.shape[-2:]),
        "out": [0, 0],
        "kernel": window,
        "stride": list(layer.stride),
        "dilation": list(layer.dilation),
        "before": list(number),
        "after": list(number),
        "channels": [0],
        "x": x[:1].flatten(1).tolist(),
        "w": None,
        "b": None,
        "y": [],
        "winners": None,
        "divisors": None,
        "unreached": [[], []],
        "bounds": [_bound(x), 1.0, 1.0],
    }


def _divisors(scene: Scene) -> list[int] | None:
    """Return what each window's sum is divided by; None where nothing is averaged."""
    if scene.layer.kind not in ("avg", "adaptive"):
        return None
    return [int(n) for n in average_pooling.divisors(scene.call).flatten()]


def _bound(tensor: Tensor) -> float:
    """Return the largest finite magnitude, the bound of a zero-centred scale; 1 when all are zero."""
    finite = tensor[tensor.isfinite()]
    return (finite.abs().max().item() if finite.numel() else 0.0) or 1.0
