"""``conv1d``, ``conv2d`` and ``conv3d``: y = Σ x·w + b over each window. Any number of sides, groups included."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from core.errors import N_, InvalidSetting
from core.ops.dims import IN, OUT, before, sides, window
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, each, operation, parts
from core.ops.operator import (
    DEVICE,
    DTYPE,
    LARGEST_PADDED,
    LARGEST_WEIGHT,
    SIDE_NAMES,
    Argument,
    Formula,
    Operator,
    Surprise,
    TooLarge,
    Values,
    check_count,
    check_dims,
    check_factory,
    numbers_of,
    random,
    small,
)
from core.windows import sizes
from core.windows.axis import Axis


def rule(call: Call) -> IndexRule:
    """y[n, o, i] = Σ_{c,u} x[n, c, i·s + u·d - p] w[o, c, u] + b[o]; in groups, o and c are of the same one."""
    x, weight = call.tensors["input"], call.tensors["weight"]
    kernel, groups = tuple(weight.shape[2:]), int(call.options.get("groups", 1))
    count = len(kernel)
    stride, dilation = (sides(call.options.get(name, 1), count) for name in ("stride", "dilation"))
    padding = before(call.options.get("padding", 0), kernel, dilation)
    axes = [
        Axis(*facts)
        for facts in zip(
            x.shape[-count:], call.output.shape[-count:], kernel, stride, dilation, padding, strict=True
        )
    ]
    lead = (each("n", x.shape[0]),) if x.dim() == count + 2 else ()
    channels = call.output.shape[-count - 1]  # of an input without channels torch makes none
    outs, inner = parts("g", "o", groups, channels // groups), each("c", weight.shape[1])
    places = tuple(each(i, size) for i, size in zip(OUT, call.output.shape[-count:], strict=False))
    mode = call.options.get("padding_mode", "zeros")
    windows = tuple(window(axis, i, u, mode) for axis, i, u in zip(axes, OUT, IN, strict=False))
    kernels = tuple(each(u, size) for u, size in zip(IN, kernel, strict=False))
    cells = Cells("input", "x", (*lead, parts("g", "c", groups, weight.shape[1]), *windows))
    weights = Cells("weight", "w", (outs, inner, *kernels))
    products = [Product((*lead, outs, *places), (cells, weights))]
    if "bias" in call.tensors:
        products.append(Product((*lead, outs, *places), (Cells("bias", "b", (outs,)),)))
    return IndexRule(tuple(products))


MEANING = N_(
    "A small window slides over the input; at each place, input times kernel is added up, then the bias. "
    "Each output channel has a kernel of its own."
)


LAYER_ARGUMENTS = (
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "groups",
    "bias",
    "padding_mode",
    "device",
    "dtype",
)


def layer_lines(values: Values, layer: str, passed: Sequence[str]) -> list[str]:
    """Return the lines that make x, a ``layer`` with the arguments ``passed``, and y."""
    texts = {**values, "padding": repr(values["padding"]), "padding_mode": repr(values["padding_mode"])}
    arguments = ", ".join(f"{name}={texts[name]}" for name in passed)
    return [random("x", values["shape"]), f"layer = {layer}({arguments})", "y = layer(x)"]


def check_channels(values: Values, count: int) -> None:
    """Refuse channels that do not fit the groups, or an input that has others; ``count`` sides follow them."""
    channels, groups = values["in_channels"], values["groups"]
    for name in ("in_channels", "out_channels"):
        if values[name] % groups:
            raise InvalidSetting(
                N_("{name} {value} is not a multiple of groups {groups}"),
                name=name,
                value=values[name],
                groups=groups,
            )
    have = values["shape"][-count - 1]
    if have != channels:
        raise InvalidSetting(
            N_("x has {have} {have:channel|channels}, but in_channels is {channels}: the two must be equal"),
            have=have,
            channels=channels,
        )


def _check_mode(values: Values, padding: Any) -> None:
    """Refuse a mirror or a wrap that would need more cells than the image has."""
    mode = values["padding_mode"]
    if mode not in ("reflect", "circular"):
        return
    for size, (left, right) in zip(values["shape"][-len(padding) :], padding, strict=True):
        cells = max(left, right)
        if cells > (size - 1 if mode == "reflect" else size):
            raise InvalidSetting(
                N_(
                    "padding_mode {mode} takes its {cells} {cells:cell|cells} from the image, which has only {size}"
                ),
                mode=mode,
                cells=cells,
                size=size,
            )


def _check_memory(values: Values, count: int) -> None:
    """Refuse a weight or a padded image of more numbers than this lesson makes, whatever else is wrong."""
    kernel = _sizes(values["kernel_size"], count)
    channels = (values["out_channels"], max(1, values["in_channels"] // values["groups"]))
    check_count("weight", (*channels, *kernel), LARGEST_WEIGHT)
    padding, dilation = _sizes(values["padding"], count), _sizes(values["dilation"], count)
    if isinstance(values["padding"], str):
        padding = tuple(abs(d) * (abs(k) - 1) for d, k in zip(dilation, kernel, strict=False))
    shape: tuple[int, ...] = (*[1] * count, *values["shape"])
    most = 2 * max((abs(cells) for cells in padding), default=0)
    check_count("F.pad(x)", (*shape[:-count], *(size + most for size in shape[-count:])), LARGEST_PADDED)


def _sizes(value: Any, count: int) -> tuple[int, ...]:
    """Return every number in ``value``, a single one for each side."""
    numbers = value if isinstance(value, tuple) else (value,) * count
    return tuple(number if isinstance(number, int) else 1 for number in numbers)


def _formula(values: Values, count: int) -> Formula:
    shape = values["shape"]
    _check_memory(values, count)
    check_dims(shape, (count + 1, count + 2))
    check_channels(values, count)
    kernel, stride, dilation = (
        numbers_of(name, values[name], count) for name in ("kernel_size", "stride", "dilation")
    )
    padding = values["padding"]
    in_numbers = () if isinstance(padding, str) else numbers_of("padding", padding, count)
    if min(in_numbers, default=0) < 0 and values["padding_mode"] != "zeros":
        raise TooLarge(
            N_("PyTorch would cut the image for padding {padding} in this mode; this lesson shows none below 0"),
            padding=padding,
        )
    each_side = zip(shape[-count:], kernel, stride, in_numbers or (padding,) * count, dilation, strict=True)
    ends = [sizes.conv(*side) for side in each_side]
    _check_mode(values, [(end.before, end.after) for end in ends])
    check_factory(values)
    output = small((*shape[: -count - 1], values["out_channels"], *(end.output for end in ends)))
    lines = (
        r"o = \left\lfloor \frac{i + p_{before} + p_{after} - d(k - 1) - 1}{s} \right\rfloor + 1",
        *(
            rf"{name} = \left\lfloor \frac{{{e.input} + {e.before} + {e.after} - {e.dilation}({e.kernel_size} - 1)"
            rf" - 1}}{{{e.stride}}} \right\rfloor + 1 = {e.output}"
            for name, e in zip(SIDE_NAMES[count], ends, strict=True)
        ),
    )
    return Formula(lines, output)


def call_of(name: str, names: Values, options: Values) -> Call:
    """Return the call of a layer ``names["layer"]`` with weight and perhaps bias."""
    tensors = {"input": names["x"], "weight": names["layer"].weight}
    if names["layer"].bias is not None:
        tensors["bias"] = names["layer"].bias
    return Call(name, tensors, options, names["y"])


def _call(names: Values, values: Values, count: int) -> Call:
    options = {name: values[name] for name in ("stride", "padding", "dilation", "groups", "padding_mode")}
    return call_of(f"conv{count}d", names, options)


def _operator(count: int, description: str, surprise: Surprise | None, arguments: tuple[Argument, ...]) -> Operator:
    """Return ``nn.Conv1d``, 2d or 3d; ``arguments`` are its shape and those with a number for each side."""
    shape, kernel_size, stride, padding, dilation = arguments
    name = f"Conv{count}d"
    return Operator(
        name,
        f"torch.nn.{name}",
        "layers",
        f"nn.{name}(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,"
        " padding_mode='zeros', device=None, dtype=None)",
        description,
        f"torch.nn.{name}",
        (
            shape,
            Argument("in_channels", "int", 1, 1, 4),
            Argument("out_channels", "int", 2, 1, 4),
            kernel_size,
            stride,
            padding,
            dilation,
            Argument("groups", "int", 1, 1, 4),
            Argument("bias", "bool", True),
            Argument("padding_mode", "word", "zeros", options=("zeros", "reflect", "replicate", "circular")),
            DEVICE,
            DTYPE,
        ),
        partial(layer_lines, layer=f"nn.{name}", passed=LAYER_ARGUMENTS),
        partial(_formula, count=count),
        partial(_call, count=count),
        surprise,
    )


CONV_1D = _operator(
    1,
    N_("Slides a window along a sequence; each output is the weighted sum of what lies in it, plus a bias."),
    Surprise(
        N_("8 sentences of 20 words, each word 50 numbers, go as (8, 20, 50) into Conv1d(50, 64, 3). Then…"),
        {
            "works": N_("it works: the window slides over the words"),
            "error": N_("an error: the 20 words stand where the channels belong"),
        },
        "error",
        "import torch\nfrom torch import nn\n\nx, conv = torch.zeros(8, 20, 50), nn.Conv1d(50, 64, 3)\ntry:\n"
        "    conv(x)\nexcept RuntimeError as error:\n    print(error)\n"
        "print(tuple(conv(x.transpose(1, 2)).shape))\n",
        N_("Every convolution takes its channels before the sides, (N, C, L); an embedding returns them last."),
    ),
    (
        Argument("shape", "shape", "1, 1, 7", examples=("1, 2, 6", "1, 5", "2, 1, 4", "7")),
        Argument("kernel_size", "sizes", "3", examples=("1", "2", "8", "3, 2")),
        Argument("stride", "sizes", "1", examples=("2", "3")),
        Argument("padding", "sizes", "0", examples=("1", "2", "same", "valid", "full")),
        Argument("dilation", "sizes", "1", examples=("2", "3")),
    ),
)
CONV_2D = _operator(
    2,
    N_("Slides a window over the image; each output is the weighted sum of what lies in it, plus a bias."),
    Surprise(
        N_("A 28×28 image without a channel dimension, tensor (28, 28), goes into Conv2d(1, 10, 5). Then…"),
        {
            "works": N_("it works, there is only one channel"),
            "error": N_("an error: the channel dimension is missing"),
        },
        "error",
        "import torch\nfrom torch import nn\n\nconv = nn.Conv2d(1, 10, 5)\n"
        "for shape in ((28, 28), (1, 28, 28), (1, 1, 28, 28)):\n    try:\n"
        "        print(shape, '->', tuple(conv(torch.zeros(shape)).shape))\n    except RuntimeError as error:\n"
        "        print(shape, '->', error)\n",
        N_("Batched (N, C, H, W) and, today, single images (C, H, W) are taken; the channel is never left out."),
    ),
    (
        Argument(
            "shape", "shape", "1, 1, 5, 5", examples=("1, 2, 4, 4", "1, 5, 6", "2, 3, 3", "5, 5", "1, 4, 4, 4")
        ),
        Argument("kernel_size", "sizes", "3", examples=("1", "2", "3, 2", "7", "2, 2, 2")),
        Argument("stride", "sizes", "1", examples=("2", "2, 1", "3")),
        Argument("padding", "sizes", "0", examples=("1", "2", "1, 0", "same", "valid", "full")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2")),
    ),
)
CONV_3D = _operator(
    3,
    N_("Slides a window through a volume; each output is the weighted sum of what lies in it, plus a bias."),
    None,
    (
        Argument("shape", "shape", "1, 1, 3, 3, 3", examples=("1, 3, 4, 3", "1, 2, 2, 3, 3", "3, 3, 3")),
        Argument("kernel_size", "sizes", "2", examples=("1", "2, 1, 3", "4", "2, 2")),
        Argument("stride", "sizes", "1", examples=("2", "2, 1, 1")),
        Argument("padding", "sizes", "0", examples=("1", "0, 1, 0", "same", "valid")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2, 1")),
    ),
)


OPERATIONS = (
    operation(
        "conv1d",
        "conv2d",
        "conv3d",
        rule=rule,
        operators=(CONV_1D, CONV_2D, CONV_3D),
        meaning=MEANING,
        nodes={
            "ConvolutionBackward": N_(
                "A convolution. The gradient of its input is g spread through the kernel; the kernel's own is the "
                "input weighted by g; the bias takes the sum of g."
            )
        },
    ),
)
