"""What each row of a network makes of what comes in: its shape, its module, its cost, what PyTorch says to it."""

from __future__ import annotations

import math

import torch
from torch import nn

from core.errors import N_, InvalidSetting
from core.networks.rows import Row
from core.rng import own_generator
from core.windows import sizes

Shape = tuple[int, ...]  # (C, H, W) before a flatten, (F,) after it; the batch is not counted
MOST_ASKED = 1_000_000  # numbers of a layer that is made only to hear what PyTorch says
MOST_NUMBERS = 4_000_000


def output_shape(row: Row, shape: Shape, before_flatten: Shape | None = None) -> Shape:
    """Return what ``row`` makes of ``shape``; raises ``InvalidSetting`` for what it cannot take.

    ``before_flatten`` is the shape that the last flatten took apart, for the sentence about a wrong Linear.
    """
    if row.kind in ("conv", "max", "avg"):
        out = _windowed(row, shape)
    elif row.kind == "linear":
        out = _linear(row, shape, before_flatten)
    elif row.kind == "flatten":
        out = (math.prod(shape),)
    else:
        out = shape
    if math.prod(out) > MOST_NUMBERS:
        raise InvalidSetting(
            N_("this layer would give {numbers} {numbers:number|numbers} for one image: the limit is {most}"),
            numbers=math.prod(out),
            most=MOST_NUMBERS,
        )
    return out


def _windowed(row: Row, shape: Shape) -> Shape:
    if len(shape) != 3:
        raise InvalidSetting(
            N_(
                "{layer} needs channels, height and width, and after flatten there is one row of {numbers} "
                "{numbers:number|numbers}"
            ),
            layer="Conv2d" if row.kind == "conv" else "MaxPool2d" if row.kind == "max" else "AvgPool2d",
            numbers=shape[0],
        )
    channels, *sides = shape
    kernel, padding = row.integer("kernel_size"), row.option("padding")
    if row.kind == "conv":
        outputs, groups = row.integer("out_channels"), row.integer("groups")
        check_groups(channels, outputs, groups)
        step, dilation = row.integer("stride"), row.integer("dilation")
        padded = padding if isinstance(padding, str) else int(padding or 0)
        return (outputs, *(sizes.conv(side, kernel, step, padded, dilation).output for side in sides))
    stride = row.option("stride")
    jump = None if stride is None else int(stride)
    return (channels, *(sizes.pool(side, kernel, jump, int(padding or 0)).output for side in sides))


def check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    """Refuse groups that do not divide both numbers of channels, as PyTorch does."""
    for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
        if channels % groups:
            raise InvalidSetting(
                N_("{name} {channels} must be divisible by groups {groups}"),
                name=name,
                channels=channels,
                groups=groups,
            )


def _linear(row: Row, shape: Shape, before_flatten: Shape | None) -> Shape:
    set_by_hand, last_size = row.option("in_features"), shape[-1]
    in_features = (
        math.prod(shape) if set_by_hand is None else set_by_hand
    )  # left out, it is what flatten would give
    if in_features == last_size:
        return (*shape[:-1], row.integer("out_features"))
    if len(shape) == 3:
        channels, height, width = shape
        raise InvalidSetting(
            N_(
                "Linear reads only the last dimension, here the width {width}; put a flatten row before it: then"
                " there are {channels}·{height}·{width} = {right} numbers, and in_features has to be {right}"
            ),
            channels=channels,
            height=height,
            width=width,
            right=math.prod(shape),
        )
    if before_flatten and len(before_flatten) == 3 and math.prod(before_flatten) == last_size:
        channels, height, width = before_flatten
        raise InvalidSetting(
            N_(
                "this Linear expects {wanted} {wanted:number|numbers}, and flatten gives {channels} "
                "{channels:channel|channels} of "
                "{height}×{width}: {channels}·{height}·{width} = {right}. Set in_features={right}"
            ),
            wanted=in_features,
            channels=channels,
            height=height,
            width=width,
            right=last_size,
        )
    raise InvalidSetting(
        N_(
            "this Linear expects {wanted} {wanted:number|numbers}, and the row above gives {right}. Set "
            "in_features={right}"
        ),
        wanted=in_features,
        right=last_size,
    )


def module(row: Row, shape: Shape) -> nn.Module:
    """Build the PyTorch layer of ``row`` for an input of ``shape``; torch's own global seed decides its weights."""
    if row.kind == "conv":
        padding = row.option("padding")
        return nn.Conv2d(
            shape[0],
            row.integer("out_channels"),
            row.integer("kernel_size"),
            stride=row.integer("stride"),
            padding=padding if isinstance(padding, str) else int(padding or 0),
            dilation=row.integer("dilation"),
            groups=row.integer("groups"),
        )
    if row.kind in ("max", "avg"):
        pool = nn.MaxPool2d if row.kind == "max" else nn.AvgPool2d
        stride = row.option("stride")
        kernel = row.integer("kernel_size")
        return pool(kernel, None if stride is None else int(stride), padding=row.integer("padding"))
    if row.kind == "linear":
        in_features = row.option("in_features")
        return nn.Linear(math.prod(shape) if in_features is None else int(in_features), row.integer("out_features"))
    if row.kind in ("dropout", "dropout2d"):
        probability = float(row.option("p") or 0.0)
        return nn.Dropout(probability) if row.kind == "dropout" else nn.Dropout2d(probability)
    if row.kind == "norm":
        return nn.BatchNorm2d(shape[0]) if len(shape) == 3 else nn.BatchNorm1d(shape[0])
    return {"relu": nn.ReLU(), "flatten": nn.Flatten(), "logsoftmax": nn.LogSoftmax(dim=1)}[row.kind]


def parameters(row: Row, shape: Shape) -> int:
    """Count the numbers that the layer learns; a convolution has O·(C / groups)·k·k weights and O biases."""
    if row.kind == "conv":
        outputs = row.integer("out_channels")
        return outputs * (shape[0] // row.integer("groups")) * row.integer("kernel_size") ** 2 + outputs
    if row.kind == "linear":
        return shape[-1] * row.integer("out_features") + row.integer("out_features")
    return 2 * shape[0] if row.kind == "norm" else 0


def multiply_adds(row: Row, shape: Shape, out: Shape) -> int:
    """Count the multiplications of weights by inputs for one picture: each weight, as often as it is used."""
    if row.kind == "conv":
        return math.prod(out) * (shape[0] // row.integer("groups")) * row.integer("kernel_size") ** 2
    return math.prod(out) * shape[-1] if row.kind == "linear" else 0


def _weights(row: Row, shape: Shape) -> int:
    """Count the weights of the layer as its options say, whether or not they suit ``shape``."""
    if row.kind == "conv":
        return shape[0] * row.integer("out_channels") * row.integer("kernel_size") ** 2
    if row.kind == "linear":
        in_features = row.option("in_features")
        return (math.prod(shape) if in_features is None else int(in_features)) * row.integer("out_features")
    return 0


def torch_message(row: Row, shape: Shape) -> str:
    """Return what PyTorch itself says when this layer gets this input; empty when it takes it.

    Empty too where the layer or its input would hold more numbers than ``MOST_ASKED``: nothing is made then.
    """
    if max(_weights(row, shape), math.prod(shape)) > MOST_ASKED:
        return ""
    try:
        with own_generator(), torch.no_grad():
            module(row, shape).eval()(torch.zeros(1, *shape))
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return ""
