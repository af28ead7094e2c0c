"""One layer as the lesson sets it: its sizes, its PyTorch arguments, its cost, and the call on real tensors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.networks.row_layers import check_groups
from core.ops.explanation import Call
from core.windows import sizes
from core.windows.axis import Axis, adaptive_window
from core.windows.sizes import Size

CLASSES: dict[str, type[nn.Module]] = {
    "conv": nn.Conv2d,
    "max": nn.MaxPool2d,
    "avg": nn.AvgPool2d,
    "transposed": nn.ConvTranspose2d,
    "adaptive": nn.AdaptiveAvgPool2d,
}
FUNCTIONS: dict[str, Any] = {
    "conv": F.conv2d,
    "max": F.max_pool2d,
    "avg": F.avg_pool2d,
    "transposed": F.conv_transpose2d,
    "adaptive": F.adaptive_avg_pool2d,
}
NAMES = {
    "conv": "conv2d",
    "max": "max_pool2d",
    "avg": "avg_pool2d",
    "transposed": "conv_transpose2d",
    "adaptive": "adaptive_avg_pool2d",
}
Pair = tuple[int, int]


@dataclass(frozen=True)
class Layer:
    """A layer for pictures of ``size`` (height, width); ``kind`` is a key of ``CLASSES``.

    Pairs are (height, width). ``padding`` is a pair, "valid" or "same". What a kind does not have is ignored:
    a pooling has no groups and no bias, only an adaptive pooling has ``output_size``.
    """

    kind: str = "conv"
    size: Pair = (7, 7)
    kernel_size: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Pair | str = (0, 0)
    dilation: Pair = (1, 1)
    in_channels: int = 1
    out_channels: int = 1
    groups: int = 1
    bias: bool = True
    ceil_mode: bool = False
    output_padding: Pair = (0, 0)
    output_size: Pair = (3, 3)

    @property
    def has_weights(self) -> bool:
        """Whether the layer learns: convolutions do, poolings do not."""
        return self.kind in ("conv", "transposed")

    def sizes(self) -> tuple[Size, Size]:
        """Return the size of height and width; raises ``InvalidSetting`` for impossible sizes."""
        if self.has_weights:
            check_groups(self.in_channels, self.out_channels, self.groups)
        return self._size(0), self._size(1)

    def _size(self, side: int) -> Size:
        size, kernel, stride = self.size[side], self.kernel_size[side], self.stride[side]
        padding = self.padding if isinstance(self.padding, str) else self.padding[side]
        if self.kind == "conv":
            return sizes.conv(size, kernel, stride, padding, self.dilation[side])
        if self.kind == "adaptive":
            return sizes.adaptive(size, self.output_size[side])
        number = 0 if isinstance(padding, str) else padding
        if self.kind == "transposed":
            extra = self.output_padding[side]
            return sizes.transposed(size, kernel, stride, number, extra, self.dilation[side])
        if self.kind == "avg":
            return sizes.pool(size, kernel, stride, number, 1, self.ceil_mode)
        end = sizes.pool(size, kernel, stride, number, self.dilation[side], self.ceil_mode)
        sizes.check_windows(end)
        return end

    @property
    def outputs(self) -> int:
        """Channels that come out; a pooling gives as many as went in."""
        return self.out_channels if self.has_weights else self.in_channels

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        """(O, C / groups, kH, kW), and (C, O / groups, kH, kW) for a transposed convolution."""
        if self.kind == "transposed":
            return (self.in_channels, self.out_channels // self.groups, *self.kernel_size)
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    def options(self) -> dict[str, Any]:
        """Return the arguments of the function in ``FUNCTIONS``, by PyTorch's names."""
        if self.kind == "adaptive":
            return {"output_size": self.output_size}
        number = (0, 0) if isinstance(self.padding, str) else self.padding
        common = {"stride": self.stride, "padding": number}
        if self.kind == "conv":
            return common | {"padding": self.padding, "dilation": self.dilation, "groups": self.groups}
        if self.kind == "transposed":
            extra = {"output_padding": self.output_padding, "groups": self.groups, "dilation": self.dilation}
            return common | extra
        pooling = {"kernel_size": self.kernel_size} | common | {"ceil_mode": self.ceil_mode}
        return pooling | ({"dilation": self.dilation} if self.kind == "max" else {})

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the module in ``CLASSES``."""
        if not self.has_weights:
            return self.options()
        first = {"in_channels": self.in_channels, "out_channels": self.out_channels}
        return first | {"kernel_size": self.kernel_size} | self.options() | {"bias": self.bias}

    def real_output_shape(self) -> tuple[int, ...]:
        """Ask the real layer what it returns, (O, oH, oW): on meta tensors, which have a shape and no numbers."""
        x = torch.empty(1, self.in_channels, *self.size, device="meta")
        if self.has_weights:
            weight = torch.empty(self.weight_shape, device="meta")
            return tuple(FUNCTIONS[self.kind](x, weight, **self.options()).shape[1:])
        return tuple(FUNCTIONS[self.kind](x, **self.options()).shape[1:])

    def call(self, x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Call:
        """Run torch on real numbers, x (C, H, W), and keep what went in and came out."""
        tensors = {"input": x}
        if self.has_weights:
            assert weight is not None
            tensors["weight"] = weight
            if self.bias and bias is not None:
                tensors["bias"] = bias
        return Call(NAMES[self.kind], tensors, self.options(), FUNCTIONS[self.kind](**tensors, **self.options()))

    def parameters(self) -> int:
        """Count what the layer learns: O·(C / groups)·kH·kW weights, and O biases."""
        if not self.has_weights:
            return 0
        return math.prod(self.weight_shape) + (self.out_channels if self.bias else 0)

    def multiply_adds(self) -> int:
        """Count weight times input for one picture: each output cell takes (C / groups)·kH·kW of them.

        Cells of the padding count too. A transposed convolution takes (O / groups)·kH·kW for each input cell.
        """
        if not self.has_weights:
            return 0
        if self.kind == "transposed":
            return math.prod(self.size) * math.prod(self.weight_shape)
        height, width = self.sizes()
        return height.output * width.output * math.prod(self.weight_shape)

    def receptive_field(self) -> Pair:
        """Return how many input cells, in height and in width, one output can depend on, from end to end."""
        height, width = self.sizes()
        return _field(height), _field(width)


def _field(size: Size) -> int:
    if size.layer == "adaptive":
        return max((len(adaptive_window(o, size.input, size.output)) for o in range(size.output)), default=0)
    if size.layer == "transposed":
        return _seen_transposed(size)
    return size.span


def _seen_transposed(size: Size) -> int:
    """Return the longest stretch of inputs that one output reads: only those whose kernel has a weight on it."""
    axis = Axis(size.output, size.input, size.kernel_size, size.stride, size.dilation, size.before)
    used = ([i for i, _ in axis.uses(o)] for o in range(size.output))
    return max((cells[-1] - cells[0] + 1 for cells in used if cells), default=0)
