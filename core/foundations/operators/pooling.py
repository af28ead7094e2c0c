"""``nn.AdaptiveAvgPool1d``, ``nn.AdaptiveAvgPool2d`` and ``nn.MaxPool2d``."""

from __future__ import annotations

from typing import Any

from core.errors import N_, InvalidSetting
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Shape,
    Surprise,
    Values,
    random,
    shape_text,
    small,
)
from core.ops.records import Call
from core.windows import sizes


def check_dims(shape: Shape, allowed: tuple[int, ...]) -> None:
    """Refuse an input with another number of dimensions."""
    if len(shape) not in allowed:
        raise InvalidSetting(
            N_("x has {dims} dimensions; this operator takes {allowed} (the channel dimension included)"),
            dims=len(shape),
            allowed=", ".join(map(str, allowed)),
        )


def pair_of(name: str, value: Any) -> tuple[Any, Any]:
    """Return the value for height and width; refuse what is neither one number nor two."""
    if isinstance(value, tuple):
        if len(value) != 2:
            raise InvalidSetting(N_("{name} takes one number or two, not {value}"), name=name, value=value)
        return value
    return value, value


def _one_formula(values: Values) -> Formula:
    shape, size = values["shape"], values["output_size"]
    check_dims(shape, (2, 3))
    output = small((*shape[:-1], size))
    return Formula(
        (r"(\dots, L_{in}) \to (\dots, \text{output\_size})", rf"{shape_text(shape)} \to {shape_text(output)}"),
        output,
    )


ADAPTIVE_1D = Operator(
    "AdaptiveAvgPool1d",
    "torch.nn.AdaptiveAvgPool1d",
    "pooling",
    "nn.AdaptiveAvgPool1d(output_size)",
    N_("Set the length of the output; PyTorch chooses the windows and averages them."),
    "torch.nn.AdaptiveAvgPool1d",
    (
        Argument("shape", "shape", "1, 2, 7", examples=("2, 5", "1, 1, 3", "4")),
        Argument("output_size", "int", 3, 1, 12),
    ),
    lambda values: [random("x", values["shape"]), f"y = nn.AdaptiveAvgPool1d({values['output_size']})(x)"],
    _one_formula,
    lambda names, _: Call("adaptive_avg_pool1d", {"input": names["x"]}, {}, names["y"]),
    Surprise(
        N_("5 numbers, output_size=3. How do the windows lie?"),
        {
            "equal": N_("three equal windows, one number left out"),
            "overlap": N_("the windows overlap: some numbers are used twice"),
            "error": N_("an error, 5 is not a multiple of 3"),
        },
        "overlap",
        "import torch\nfrom torch import nn\n\nx = torch.arange(5.0, requires_grad=True)\n"
        "y = nn.AdaptiveAvgPool1d(3)(x.view(1, 1, 5))\nprint(y)\nfor o in range(3):\n"
        "    grad, = torch.autograd.grad(y[0, 0, o], x, retain_graph=True)\n"
        "    print(f'output {o} averages inputs', grad.nonzero().flatten().tolist())\n",
        N_("Window o reaches from ⌊o·5/3⌋ up to ⌈(o+1)·5/3⌉: neighbours share a number."),
    ),
)


def _adaptive_size(values: Values) -> tuple[int, int]:
    height, width = pair_of("output_size", values["output_size"])
    shape = values["shape"]
    found = (shape[-2] if height is None else height, shape[-1] if width is None else width)
    if values["output_size"] is None or any(isinstance(size, str) or size < 0 for size in found):
        raise InvalidSetting(
            N_("output_size is a number or two, each 0 or more or None, not {size}"), size=values["output_size"]
        )
    return found


def _two_formula(values: Values) -> Formula:
    shape = values["shape"]
    # PyTorch takes the mean where the output is 1×1, and then does not ask how many dimensions come before.
    if values["output_size"] == 1:
        check_dims(shape, (2, 3, 4, 5))
    elif len(shape) != 5 or _adaptive_size(values) != (1, 1):
        check_dims(shape, (3, 4))
    output = small((*shape[:-2], *_adaptive_size(values)))
    return Formula(
        (r"(\dots, H, W) \to (\dots, S_0, S_1)", rf"{shape_text(values['shape'])} \to {shape_text(output)}"),
        output,
    )


ADAPTIVE_2D = Operator(
    "AdaptiveAvgPool2d",
    "torch.nn.AdaptiveAvgPool2d",
    "pooling",
    "nn.AdaptiveAvgPool2d(output_size)",
    N_("Averages each channel down to the height and width you set; None keeps a size."),
    "torch.nn.AdaptiveAvgPool2d",
    (
        Argument("shape", "shape", "1, 1, 5, 5", examples=("2, 4, 6", "1, 2, 3, 3", "3, 3")),
        Argument("output_size", "sizes", "3, 3", examples=("1", "2", "2, None", "None, 3", "1, 2, 3", "5, 4")),
    ),
    lambda values: [random("x", values["shape"]), f"y = nn.AdaptiveAvgPool2d({values['output_size']})(x)"],
    _two_formula,
    lambda names, _: Call("adaptive_avg_pool2d", {"input": names["x"]}, {}, names["y"]),
    Surprise(
        N_("AdaptiveAvgPool2d((4, 4)) on a 2×2 image gives…"),
        {"error": N_("an error"), "larger": N_("a 4×4 image"), "same": N_("the 2×2 image unchanged")},
        "larger",
        "import torch\nfrom torch import nn\n\nx = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])\n"
        "print(nn.AdaptiveAvgPool2d((4, 4))(x))\n",
        N_("Pooling can enlarge: the windows then hold one number each, and several hold the same."),
    ),
)


def _max_lines(values: Values) -> list[str]:
    names = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
    given = ", ".join(f"{name}={values[name]}" for name in names)
    result = "y, indices" if values["return_indices"] else "y"
    return [random("x", values["shape"]), f"{result} = nn.MaxPool2d({given})(x)"]


def _max_formula(values: Values) -> Formula:
    shape = values["shape"]
    check_dims(shape, (3, 4))
    kernel, padding = pair_of("kernel_size", values["kernel_size"]), pair_of("padding", values["padding"])
    stride, dilation = pair_of("stride", values["stride"]), pair_of("dilation", values["dilation"])
    for name, value in (("kernel_size", kernel), ("stride", stride), ("padding", padding), ("dilation", dilation)):
        left_out = name == "stride" and values["stride"] is None  # then it is the kernel's
        if not left_out and not all(isinstance(part, int) for part in value):
            raise InvalidSetting(N_("{name} takes one number or two, not {value}"), name=name, value=values[name])
    ends = [
        sizes.pool(shape[d], kernel[d], stride[d], padding[d], dilation[d], values["ceil_mode"]) for d in (-2, -1)
    ]
    for end in ends:
        sizes.check_windows(end)
    output = (*shape[:-2], ends[0].output, ends[1].output)
    brackets = r"\lceil", r"\rceil"
    left, right = brackets if values["ceil_mode"] else (r"\lfloor", r"\rfloor")
    return Formula(
        (
            rf"o = \left{left} \frac{{i + 2p - d(k - 1) - 1}}{{s}} \right{right} + 1",
            *(
                rf"{name} = \left{left} \frac{{{e.input} + 2\cdot {e.before} - {e.dilation}({e.kernel_size} - 1)"
                rf" - 1}}{{{e.stride}}} \right{right} + 1 = {e.output}"
                for name, e in zip("HW", ends, strict=True)
            ),
        ),
        output,
    )


def _max_call(names: Values, values: Values) -> Call:
    wanted = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
    return Call("max_pool2d", {"input": names["x"]}, {name: values[name] for name in wanted}, names["y"])


MAX_POOL = Operator(
    "MaxPool2d",
    "torch.nn.MaxPool2d",
    "pooling",
    "nn.MaxPool2d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)",
    N_("Keeps the largest number of each window, channel by channel."),
    "torch.nn.MaxPool2d",
    (
        Argument("shape", "shape", "1, 1, 5, 5", examples=("2, 4, 6", "1, 2, 4, 4", "5, 5", "1, 6, 6")),
        Argument("kernel_size", "sizes", "2", examples=("3", "3, 2", "1", "7", "2, 2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2", "3, 1", "2, 1")),
        Argument("padding", "sizes", "0", examples=("1", "2", "0, 1")),
        Argument("dilation", "sizes", "1", examples=("2", "1, 2")),
        Argument("return_indices", "bool", False),
        Argument("ceil_mode", "bool", False),
    ),
    _max_lines,
    _max_formula,
    _max_call,
    Surprise(
        N_("MaxPool2d(2) on a 5×5 image: what happens to the last row and column?"),
        {
            "dropped": N_("no window reaches them: they are dropped"),
            "padded": N_("they are padded and used"),
            "error": N_("an error, 5 is odd"),
        },
        "dropped",
        "import torch\nfrom torch import nn\n\nx = torch.arange(25.0).view(1, 5, 5)\nprint(x)\n"
        "print(nn.MaxPool2d(2)(x))\nprint('with ceil_mode=True')\nprint(nn.MaxPool2d(2, ceil_mode=True)(x))\n",
        N_("The stride equals the kernel size unless you set it, and the floor drops what no whole window covers."),
    ),
)
