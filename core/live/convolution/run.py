"""The layer that the settings describe, the tensors that go into it, and torch's answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from core import datasets
from core.convolution import inputs, kernels, scene
from core.convolution.layer import Layer, Pair
from core.convolution.scene import Scene
from core.errors import N_, InvalidSetting
from core.live.convolution.settings import DILATED, POOLING, WEIGHTED
from core.live.instrument import Array
from core.live.settings import Value
from core.settings import data_folder

MOST_LEARNED = (512, 8, 11, 11)  # filters, channels, height, width
LOOK_AGAIN = 10.0  # seconds
GREY = (0.299, 0.587, 0.114)  # red, green, blue in a grey value (ITU-R BT.601, as Pillow has it)


@dataclass(frozen=True)
class Values:
    """The settings as numbers and texts."""

    values: Mapping[str, Value]

    def number(self, name: str) -> int:
        """Return a whole number."""
        return int(self.values[name])

    def text(self, name: str) -> str:
        """Return a text or a code."""
        return str(self.values[name])

    def is_on(self, name: str) -> bool:
        """Return a flag."""
        return bool(self.values[name])

    def pair(self, name: str) -> Pair:
        """Return height and width."""
        height = self.number(name)
        return height, self.number(f"{name}_w") if self.is_on("apart") else height


def build_layer(settings: Mapping[str, Value]) -> Layer:
    """Return the layer that the settings describe; its sizes may be impossible."""
    values = Values(settings)
    kind, channels = values.text("kind"), values.number("in")
    size = values.pair("size")
    if kind == "adaptive":
        return Layer(kind, size, output_size=values.pair("target"), in_channels=channels)
    weighted = kind in WEIGHTED
    return Layer(
        kind,
        size,
        kernel_size=values.pair("kernel"),
        stride=values.pair("step" if kind in POOLING else "stride"),
        padding=_padding(values, kind),
        dilation=values.pair("dilation") if kind in DILATED else (1, 1),
        in_channels=channels,
        out_channels=values.number("out") if weighted else channels,
        groups=values.number("groups") if weighted else 1,
        bias=weighted and values.is_on("bias"),
        ceil_mode=kind in POOLING and values.is_on("ceil"),
        output_padding=values.pair("extra") if kind == "transposed" else (0, 0),
    )


def _padding(values: Values, kind: str) -> Pair | str:
    mode = values.text("pad") if kind == "conv" else "number"
    return values.pair("padding") if mode == "number" else mode


def run(settings: Mapping[str, Value], tensors: Mapping[str, Array]) -> Scene:
    """Run the layer; typed cells and learned filters decide the sizes that they have.

    ``tensors`` holds what is not among the settings: "picture" (c, h, w), and of a network "weight" (O, C, kH, kW)
    and "bias" (O,). Raises ``InvalidSetting`` for what is impossible or not there.
    """
    values = Values(settings)
    layer = build_layer(settings)
    weight, bias = _weights(values, layer, tensors)
    if weight is not None and values.text("weights") in ("typed", "trained"):
        layer = _of_weights(layer, weight, bias, values.text("weights"))
    if values.text("input") == "typed":
        rows, columns = inputs.typed(values.text("typed")).shape[1:]
        layer = replace(layer, size=(rows, columns))
    layer.sizes()
    x = picture(settings, tensors, layer.in_channels, layer.size)
    if not layer.has_weights:
        return scene.run(layer, x)
    if weight is None:
        weight = kernels.weights(values.text("weights"), layer.weight_shape, values.number("seed"))
    elif values.text("weights") == "typed":
        weight = _spread(weight, layer)
    if bias is None and layer.bias:
        bias = torch.full((layer.out_channels,), float(values.values["b"]))
    return scene.run(layer, x, weight, bias)


def _weights(values: Values, layer: Layer, tensors: Mapping[str, Array]) -> tuple[Tensor | None, Tensor | None]:
    """Return the kernels that are not computed: typed (c, kH, kW), or learned (O, C, kH, kW) with their bias."""
    source = values.text("weights")
    if not layer.has_weights or source not in ("typed", "trained"):
        return None, None
    if source == "typed":
        return inputs.typed(values.text("cells")), None
    if layer.kind != "conv":
        raise InvalidSetting(N_("learned filters belong to a Conv2d; choose that layer, or another kernel"))
    if tensors.get("weight") is None or tensors["weight"].ndim != 4:
        raise InvalidSetting(N_("the filters of this network are not here yet"))
    weight, bias = tensors["weight"], tensors.get("bias")
    if any(size > most for size, most in zip(weight.shape, MOST_LEARNED, strict=True)):
        raise InvalidSetting(
            N_("learned filters of shape {shape} are larger than {most}, the largest that are drawn"),
            shape="×".join(map(str, weight.shape)),
            most="×".join(map(str, MOST_LEARNED)),
        )
    if bias is not None and bias.shape != weight.shape[:1]:
        raise InvalidSetting(N_("the filters of this network are not here yet"))
    return torch.from_numpy(weight), None if bias is None else torch.from_numpy(bias)


def _of_weights(layer: Layer, weight: Tensor, bias: Tensor | None, source: str) -> Layer:
    if source == "typed":
        return replace(layer, kernel_size=(weight.shape[1], weight.shape[2]))
    out_channels, in_channels, height, width = weight.shape
    return replace(
        layer,
        in_channels=in_channels,
        out_channels=out_channels,
        groups=1,
        kernel_size=(height, width),
        bias=bias is not None,
    )


def _spread(cells: Tensor, layer: Layer) -> Tensor:
    """Give every kernel of the layer typed cells: the first block to the first, and around again."""
    count = layer.weight_shape[0] * layer.weight_shape[1]
    return torch.stack([cells[n % len(cells)] for n in range(count)]).reshape(layer.weight_shape)


def picture(settings: Mapping[str, Value], tensors: Mapping[str, Array], channels: int, size: Pair) -> Tensor:
    """Return what goes in, (channels, height, width); raises ``InvalidSetting`` where it is not there."""
    values = Values(settings)
    source = values.text("input")
    if source in inputs.PATTERNS:
        return inputs.pattern(source, channels, *size)
    if source == "digit":
        return inputs.resized(digits(values.number("digit"), channels), *size)
    if source == "typed":
        return inputs.repeated(inputs.typed(values.text("typed")), channels)
    image = tensors.get("picture")
    if image is None or image.ndim != 3:
        missing = {
            "drawing": N_("draw something first: the field is above"),
            "upload": N_("choose a picture first: PNG or JPEG"),
        }
        raise InvalidSetting(missing[source])
    pixels = torch.from_numpy(image)
    if channels == 1 and len(pixels) == 3:
        pixels = (pixels * torch.tensor(GREY)[:, None, None]).sum(0, keepdim=True)
    return inputs.repeated(inputs.resized(pixels, *size), channels)


@lru_cache(maxsize=1)
def _images(_root: Path, _when: int) -> Tensor:
    """Return the digits that there are now; to look for their files takes longer than all else."""
    return datasets.preferred().test_images


def digits(first: int, channels: int) -> Tensor:
    """Return digits ``first``, ``first + 1``, ... as channels, 0 paper to 1 ink, (channels, 28, 28)."""
    images = _images(data_folder(), int(time.monotonic() / LOOK_AGAIN))
    return torch.stack([images[(first + c) % len(images)] for c in range(channels)]).float() / 255
