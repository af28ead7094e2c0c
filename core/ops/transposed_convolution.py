"""``conv_transpose1d`` to ``conv_transpose3d``: each input cell lays its kernel down, scaled by its number."""

from __future__ import annotations

from functools import partial

from core.errors import N_, InvalidSetting
from core.ops.convolution import call_of, check_channels, layer_lines
from core.ops.dims import IN, OUT, sides, window
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, each, operation, parts
from core.ops.operator import (
    DEVICE,
    DTYPE,
    LARGEST_WEIGHT,
    SIDE_NAMES,
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    check_count,
    check_dims,
    check_factory,
    numbers_of,
    small,
)
from core.windows import sizes
from core.windows.axis import Axis


def rule(call: Call) -> IndexRule:
    """y[n, o, i·s + u·d - p] = Σ_{c} x[n, c, i] w[c, o, u] + b[o]: a convolution's rule, its ends exchanged."""
    x, weight, y = call.tensors["input"], call.tensors["weight"], call.output
    kernel, groups = tuple(weight.shape[2:]), int(call.options.get("groups", 1))
    count = len(kernel)
    stride, dilation = (sides(call.options.get(name, 1), count) for name in ("stride", "dilation"))
    padding = sides(call.options.get("padding", 0), count)
    each_side = zip(y.shape[-count:], x.shape[-count:], kernel, stride, dilation, padding, strict=True)
    axes = [Axis(*facts) for facts in each_side]
    lead = (each("n", x.shape[0]),) if x.dim() == count + 2 else ()
    outs, inner = parts("g", "o", groups, weight.shape[1]), parts("g", "c", groups, weight.shape[0] // groups)
    landed = tuple(window(axis, i, u) for axis, i, u in zip(axes, OUT, IN, strict=False))
    places = tuple(each(i, size) for i, size in zip(OUT, x.shape[-count:], strict=False))
    kernels = tuple(each(u, size) for u, size in zip(IN, kernel, strict=False))
    weights = Cells("weight", "w", (inner, each("o", weight.shape[1]), *kernels))
    products = [Product((*lead, outs, *landed), (Cells("input", "x", (*lead, inner, *places)), weights))]
    if "bias" in call.tensors:
        whole = tuple(each(i, size) for i, size in zip(OUT, y.shape[-count:], strict=False))
        products.append(Product((*lead, outs, *whole), (Cells("bias", "b", (outs,)),)))
    return IndexRule(tuple(products))


MEANING = N_("Each number of the input lays the kernel down, scaled by it; where kernels overlap, they add up.")
LAYER_ARGUMENTS = (
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "output_padding",
    "groups",
    "bias",
    "dilation",
    "padding_mode",
    "device",
    "dtype",
)
WINDOW = ("kernel_size", "stride", "padding", "output_padding", "dilation")


def _formula(values: Values, count: int) -> Formula:
    shape, kernel = values["shape"], values["kernel_size"]
    window_sizes = kernel if isinstance(kernel, tuple) else (kernel,) * count
    check_count("weight", (values["in_channels"], values["out_channels"], *window_sizes), LARGEST_WEIGHT)
    check_dims(shape, (count + 1, count + 2))
    check_channels(values, count)
    if values["padding_mode"] != "zeros":
        raise InvalidSetting(
            N_("a transposed convolution has no padding_mode {mode}, only zeros"), mode=values["padding_mode"]
        )
    options = zip(*(numbers_of(name, values[name], count) for name in WINDOW), strict=True)
    ends = [sizes.transposed(size, *option) for size, option in zip(shape[-count:], options, strict=True)]
    check_factory(values)
    output = small((*shape[: -count - 1], values["out_channels"], *(end.output for end in ends)))
    lines = (
        r"o = (i - 1)s - 2p + d(k - 1) + p_{out} + 1",
        *(
            rf"{name} = ({e.input} - 1)\cdot {e.stride} - 2\cdot {e.before} + {e.dilation}({e.kernel_size} - 1)"
            rf" + {e.output_padding} + 1 = {e.output}"
            for name, e in zip(SIDE_NAMES[count], ends, strict=True)
        ),
    )
    return Formula(lines, output)


def _call(names: Values, values: Values, count: int) -> Call:
    options = {name: values[name] for name in ("stride", "padding", "output_padding", "dilation", "groups")}
    return call_of(f"conv_transpose{count}d", names, options)


def _operator(count: int, surprise: Surprise | None, arguments: tuple[Argument, ...]) -> Operator:
    """Return ``nn.ConvTranspose1d``, 2d or 3d; ``arguments`` are its shape and those with a number a side."""
    shape, kernel_size, stride, padding, output_padding, dilation = arguments
    name = f"ConvTranspose{count}d"
    return Operator(
        name,
        f"torch.nn.{name}",
        "layers",
        f"nn.{name}(in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1,"
        " bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None)",
        MEANING,
        f"torch.nn.{name}",
        (
            shape,
            Argument("in_channels", "int", 1, 1, 4),
            Argument("out_channels", "int", 1, 1, 4),
            kernel_size,
            stride,
            padding,
            output_padding,
            Argument("groups", "int", 1, 1, 4),
            Argument("bias", "bool", True),
            dilation,
            Argument("padding_mode", "word", "zeros", options=("zeros", "reflect")),
            DEVICE,
            DTYPE,
        ),
        partial(layer_lines, layer=f"nn.{name}", passed=LAYER_ARGUMENTS),
        partial(_formula, count=count),
        partial(_call, count=count),
        surprise,
    )


TRANSPOSED_1D = _operator(
    1,
    None,
    (
        Argument("shape", "shape", "1, 1, 4", examples=("1, 2, 3", "1, 5", "2, 1, 2", "7")),
        Argument("kernel_size", "sizes", "3", examples=("1", "2", "3, 2")),
        Argument("stride", "sizes", "2", examples=("1", "3")),
        Argument("padding", "sizes", "0", examples=("1", "2", "9")),
        Argument("output_padding", "sizes", "0", examples=("1", "2")),
        Argument("dilation", "sizes", "1", examples=("2", "3")),
    ),
)
TRANSPOSED_2D = _operator(
    2,
    Surprise(
        N_("ConvTranspose2d with the weight of a Conv2d, behind it: does it bring the image back?"),
        {
            "back": N_("yes, it undoes the convolution"),
            "shape": N_("only its size; the numbers are others"),
        },
        "shape",
        "import torch\nfrom torch import nn\n\nx = torch.arange(16.0).view(1, 1, 4, 4)\n"
        "conv = nn.Conv2d(1, 1, 3, bias=False)\nback = nn.ConvTranspose2d(1, 1, 3, bias=False)\n"
        "back.weight = conv.weight\ny = back(conv(x))\nprint(tuple(y.shape))\nprint(y)\n",
        N_("It is the step that a convolution's gradient takes back to its input: the transpose, not the inverse."),
    ),
    (
        Argument("shape", "shape", "1, 1, 3, 3", examples=("1, 2, 2, 3", "1, 2, 2", "3, 3", "1, 4, 1, 1")),
        Argument("kernel_size", "sizes", "3", examples=("1", "2", "3, 2", "2, 2, 2")),
        Argument("stride", "sizes", "2", examples=("1", "2, 1")),
        Argument("padding", "sizes", "0", examples=("1", "1, 0", "9")),
        Argument("output_padding", "sizes", "0", examples=("1", "0, 1", "2")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2")),
    ),
)
TRANSPOSED_3D = _operator(
    3,
    None,
    (
        Argument("shape", "shape", "1, 1, 2, 2, 2", examples=("1, 2, 1, 3", "1, 2, 2, 1, 2", "2, 2, 2")),
        Argument("kernel_size", "sizes", "2", examples=("1", "2, 1, 3", "2, 2")),
        Argument("stride", "sizes", "2", examples=("1", "2, 1, 1")),
        Argument("padding", "sizes", "0", examples=("1", "0, 1, 0")),
        Argument("output_padding", "sizes", "0", examples=("1", "0, 1, 0")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2, 1")),
    ),
)
OPERATIONS = (
    operation(
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        rule=rule,
        operators=(TRANSPOSED_1D, TRANSPOSED_2D, TRANSPOSED_3D),
        meaning=MEANING,
    ),
)
