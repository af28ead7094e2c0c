"""The Convolution page's screen as a standalone PyTorch script that prints the same numbers."""

from __future__ import annotations

import struct

from torch import Tensor

from core.convolution.layer import CLASSES, Layer
from core.convolution.scene import Scene
from core.networks import row_layers
from core.networks.rows import KINDS, Row
from core.networks.stack import Stack


def layer_script(scene: Scene) -> str:
    """Return a script that builds this layer with these numbers, runs it and prints shape, output and cost."""
    layer = scene.layer
    lines = [
        "import torch",
        "from torch import nn",
        "",
        "torch.set_printoptions(precision=6, sci_mode=False, linewidth=200, threshold=100_000)",
        "",
        f"# (C, H, W) = {tuple(scene.x.shape)}",
        f"x = {literal(scene.x)}",
        f"layer = nn.{CLASSES[layer.kind].__name__}({_arguments(layer)})",
    ]
    if scene.weight is not None:
        lines += ["with torch.no_grad():", f"    layer.weight.copy_({literal(scene.weight)})"]
    if scene.bias is not None:
        lines += [f"    layer.bias.copy_({literal(scene.bias)})"]
    lines += [
        "with torch.no_grad():",
        "    y = layer(x.unsqueeze(0)).squeeze(0)  # a batch of one",
        "",
        'print("output", tuple(y.shape))',
        "print(y)",
    ]
    if layer.has_weights:
        lines += ['print("parameters", sum(p.numel() for p in layer.parameters()))']
        lines += [f'print("multiply-adds", {_multiply_adds(layer)})']
    return "\n".join(lines) + "\n"


def _multiply_adds(layer: Layer) -> str:
    """Return the expression that counts them from the script's own tensors."""
    if layer.kind == "transposed":
        return "x[0].numel() * layer.weight.numel()"
    return "y[0].numel() * layer.weight.numel()"


def _arguments(layer: Layer) -> str:
    """Return the layer's arguments as one would write them: squares as one number, defaults left out."""
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0}
    if not layer.has_weights:
        defaults.pop("stride")  # a pooling's default stride is its kernel
    arguments = []
    for name, value in layer.arguments().items():
        short = value[0] if isinstance(value, tuple) and value[0] == value[1] else value
        if short == defaults.get(name) or (name, short) in (("bias", True), ("ceil_mode", False)):
            continue
        first = name in ("in_channels", "out_channels", "output_size")
        arguments.append(repr(short) if first else f"{name}={short!r}")
    return ", ".join(arguments)


def literal(tensor: Tensor) -> str:
    """Write a float32 tensor so that reading it gives the same bits; short where the numbers are."""
    return f"torch.tensor({_nested(tensor.tolist())})"


def _nested(values: object) -> str:
    """Write nested lists with one innermost row a line."""
    if not isinstance(values, list):
        return _number(float(values))  # type: ignore[arg-type]
    if values and isinstance(values[0], list):
        return "[" + ",\n    ".join(map(_nested, values)) + "]"
    return "[" + ", ".join(map(_nested, values)) + "]"


def _number(value: float) -> str:
    """Return the shortest decimal that float32 reads back as ``value``."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if _as_float32(float(text)) == value:
            break
    return text if "." in text or "e" in text or "n" in text else f"{text}."


def _as_float32(value: float) -> float:
    return float(struct.unpack("f", struct.pack("f", value))[0])


def stack_script(stack: Stack, seed: int) -> str:
    """Return a script that builds this network and prints the shape after every layer and the parameters."""
    shapes = [f'    ("{name}", nn.{constructor}),' for name, constructor in layer_code(stack)]
    size = ", ".join(map(str, stack.input))
    return "\n".join(
        [
            "from collections import OrderedDict",
            "",
            "import torch",
            "from torch import nn",
            "",
            f"torch.manual_seed({seed})",
            "net = nn.Sequential(OrderedDict([",
            *shapes,
            "]))",
            "",
            "net.eval()  # dropout and batch norm as they are when the network is used",
            f"x = torch.zeros(1, {size})",
            "for name, layer in net.named_children():",
            "    x = layer(x)",
            "    print(name, tuple(x.shape[1:]), sum(p.numel() for p in layer.parameters()))",
            'print("parameters", sum(p.numel() for p in net.parameters()))',
            "",
        ]
    )


def layer_code(stack: Stack) -> list[tuple[str, str]]:
    """Return each layer's name and how it is written in PyTorch, without "nn.": ("conv1", "Conv2d(1, 6, 5)").

    Not the layer's ``repr``, which is no Python where padding is 'same'.
    """
    rows = [layer for layer in stack.layers() if layer.problem is None]
    return [(layer.name, _constructor(layer.row, layer.input)) for layer in rows]


def _constructor(row: Row, shape: row_layers.Shape) -> str:
    """Return how the layer is written in PyTorch, defaults left out."""
    if row.kind == "norm":
        return f"BatchNorm{'2d' if len(shape) == 3 else '1d'}({shape[0]})"
    if row.kind in ("relu", "flatten", "logsoftmax"):
        return {"relu": "ReLU()", "flatten": "Flatten()", "logsoftmax": "LogSoftmax(dim=1)"}[row.kind]
    if row.kind in ("dropout", "dropout2d"):
        return f"{'Dropout' if row.kind == 'dropout' else 'Dropout2d'}({row.option('p')})"
    if row.kind == "linear":
        in_features = row.option("in_features")
        return f"Linear({shape[-1] if in_features is None else in_features}, {row.option('out_features')})"
    name = {"conv": "Conv2d", "max": "MaxPool2d", "avg": "AvgPool2d"}[row.kind]
    first = [f"{shape[0]}", f"{row.option('out_channels')}"] if row.kind == "conv" else []
    rest = [
        f"{option.name}={row.option(option.name)!r}"
        for option in KINDS[row.kind]
        if option.name not in ("out_channels", "kernel_size") and row.option(option.name) != option.default
    ]
    return f"{name}({', '.join([*first, str(row.option('kernel_size')), *rest])})"
