"""``avg_pool1d`` to ``avg_pool3d`` and the adaptive ones: the mean of each window."""

from __future__ import annotations

from functools import cache, partial, reduce

import numpy as np
import torch
import torch.nn.functional as F

from core.errors import N_, InvalidSetting
from core.ops.dims import IN, OUT, leading, sides, window
from core.ops.explanation import Call
from core.ops.index_rule import Cells, Dim, IndexRule, Product, constant, each, lookup, operation
from core.ops.max_pooling import pool_formula, pool_sizes
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Surprise,
    Values,
    check_dims,
    random,
    shape_text,
    sides_of,
    small,
)
from core.ops.whole import Array
from core.windows.axis import Axis, adaptive_window


def rule(call: Call) -> IndexRule:
    """y[..., i] = 1/n Σ_u x[..., i·s + u - p], without the cells of the padding"""
    count = int(call.name[-2])
    x, y = call.tensors["input"], call.output
    windows = _windows(call)
    lead = leading(x.shape[:-count])
    places = tuple(each(i, size) for i, size in zip(OUT, y.shape[-count:], strict=False))
    n = _divided(call, windows)
    cells = Cells("input", "x", (*lead, *(dim for dim, _ in windows)))
    return IndexRule((Product((*lead, *places), (cells, constant("1/n", 1 / n, places))),))


def divisors(call: Call) -> Array:
    """Return the n of every window.

    Its cells, those in the padding included unless ``count_include_pad`` is False; a window that ``ceil_mode`` lets
    hang over the padding counts only up to its end. ``divisor_override`` beats both.
    Source: PyTorch, ``aten/src/ATen/native/cpu/AvgPoolKernel.cpp``.
    """
    return _divided(call, _windows(call))


def _divided(call: Call, windows: list[tuple[Dim, Array]]) -> Array:
    n = np.asarray(reduce(np.multiply.outer, [numbers for _, numbers in windows]))
    return np.full(n.shape, float(call.options["divisor_override"])) if call.options.get("divisor_override") else n


def _windows(call: Call) -> list[tuple[Dim, Array]]:
    return (_adaptive if call.name.startswith("adaptive") else _sliding)(call, int(call.name[-2]))


def _adaptive(call: Call, count: int) -> list[tuple[Dim, Array]]:
    """Return each side's windows and their lengths."""
    dims = []
    for size, out, i, u in zip(
        call.tensors["input"].shape[-count:], call.output.shape[-count:], OUT, IN, strict=False
    ):
        windows = [list(adaptive_window(o, size, out)) for o in range(out)]
        longest = max(map(len, windows))
        table = np.asarray([[*each_, *[-1] * (longest - len(each_))] for each_ in windows])
        text = rf"\lfloor {size}{i}/{out} \rfloor+{u}"
        dims.append((lookup((i, u), table, text, skip=True), (table >= 0).sum(1).astype(np.float64)))
    return dims


def _sliding(call: Call, count: int) -> list[tuple[Dim, Array]]:
    """Return each side's windows, and how many cells count: with the padding or without it."""
    kernel = sides(call.options["kernel_size"], count)
    stride = sides(call.options.get("stride") or kernel, count)
    padding = sides(call.options.get("padding", 0), count)
    windows = []
    for d, (i, u) in enumerate(zip(OUT[:count], IN, strict=False)):
        size, out = call.tensors["input"].shape[d - count], call.output.shape[d - count]
        axis = Axis(size, out, kernel[d], stride[d], 1, padding[d])
        dim = window(axis, i, u, skip=True)
        start = np.arange(out) * stride[d] - padding[d]
        whole = np.minimum(start + kernel[d], size + padding[d]) - start  # ceil_mode: not beyond the padding
        inside = (dim.table >= 0).sum(1)
        windows.append((dim, np.asarray(whole if call.options.get("count_include_pad", True) else inside, float)))
    return windows


def _lines(values: Values, count: int) -> list[str]:
    names = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
    arguments = ", ".join(
        f"{name}={values[name]}" for name in (*names, *(("divisor_override",) if count > 1 else ()))
    )
    return [random("x", values["shape"]), f"y = nn.AvgPool{count}d({arguments})(x)"]


@cache
def _wants_whole_windows(count: int) -> bool:
    """Ask torch whether its pooling refuses a kernel that fits only with the padding: in 3-D it does."""
    pooling = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[count - 1]
    try:
        pooling(torch.zeros(1, 1, *(1,) * count), 2, padding=1)
    except RuntimeError:
        return True
    return False


def _formula(values: Values, count: int) -> Formula:
    check_dims(values["shape"], (count + 1, count + 2))
    ends = pool_sizes(values, count)
    for end in ends:
        if end.kernel_size > end.input and _wants_whole_windows(count):
            raise InvalidSetting(
                N_("kernel {kernel} is larger than the input {size}; the padding does not count here"),
                kernel=end.kernel_size,
                size=end.input,
            )
    divisor = values.get("divisor_override")
    if divisor == 0 or isinstance(divisor, (tuple, str)):
        raise InvalidSetting(N_("divisor_override is a number other than 0, or None, not {value}"), value=divisor)
    return pool_formula(values["shape"], ends)


def _call(names: Values, values: Values, count: int) -> Call:
    options = {name: value for name, value in values.items() if name != "shape"}
    return Call(f"avg_pool{count}d", {"input": names["x"]}, options, names["y"])


def _operator(count: int, surprise: Surprise | None, arguments: tuple[Argument, ...]) -> Operator:
    """Return ``nn.AvgPool1d``, 2d or 3d; ``arguments`` are its shape and those with a number for each side."""
    name, divisor = f"AvgPool{count}d", "" if count == 1 else ", divisor_override=None"
    override = Argument("divisor_override", "sizes", "None", examples=("1", "5", "0", "2, 2"))
    return Operator(
        name,
        f"torch.nn.{name}",
        "pooling",
        f"nn.{name}(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True{divisor})",
        N_("Averages each window, channel by channel."),
        f"torch.nn.{name}",
        (
            *arguments,
            Argument("ceil_mode", "bool", False),
            Argument("count_include_pad", "bool", True),
            *([override] if divisor else []),
        ),
        partial(_lines, count=count),
        partial(_formula, count=count),
        partial(_call, count=count),
        surprise,
    )


AVG_POOL_1D = _operator(
    1,
    None,
    (
        Argument("shape", "shape", "1, 1, 7", examples=("2, 6", "1, 2, 4", "5")),
        Argument("kernel_size", "sizes", "2", examples=("3", "1", "8", "2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2", "3")),
        Argument("padding", "sizes", "0", examples=("1", "2")),
    ),
)
AVG_POOL_2D = _operator(
    2,
    Surprise(
        N_("AvgPool2d(3, stride=1, padding=1) on an image of ones: what stands in the corner?"),
        {
            "one": N_("1: the mean of ones is one"),
            "less": N_("4/9: the zeros of the padding count"),
        },
        "less",
        "import torch\nfrom torch import nn\n\nx = torch.ones(1, 4, 4)\nprint(nn.AvgPool2d(3, 1, 1)(x))\n"
        "print(nn.AvgPool2d(3, 1, 1, count_include_pad=False)(x))\n",
        N_("Each sum is divided by 9 wherever its window lies; count_include_pad=False counts the pixels alone."),
    ),
    (
        Argument("shape", "shape", "1, 1, 5, 5", examples=("2, 4, 6", "1, 2, 4, 4", "5, 5", "1, 6, 6")),
        Argument("kernel_size", "sizes", "2", examples=("3", "3, 2", "1", "7", "2, 2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2", "3, 1", "2, 1")),
        Argument("padding", "sizes", "0", examples=("1", "2", "0, 1")),
    ),
)
AVG_POOL_3D = _operator(
    3,
    None,
    (
        Argument("shape", "shape", "1, 1, 4, 4, 4", examples=("1, 3, 4, 3", "1, 2, 2, 3, 3", "3, 3, 3")),
        Argument("kernel_size", "sizes", "2", examples=("1", "2, 1, 3", "5", "2, 2")),
        Argument("stride", "sizes", "None", examples=("1", "2, 1, 1")),
        Argument("padding", "sizes", "0", examples=("1", "0, 1, 0")),
    ),
)


SHARED = N_("An average: every cell of a window gets an equal share of its gradient.")
SIDES = (1, 2, 3)


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


def _adaptive_size(values: Values, count: int) -> tuple[int, ...]:
    output_size = sides_of("output_size", values["output_size"], count)
    sizes = tuple(
        have if size is None else size for have, size in zip(values["shape"][-count:], output_size, strict=True)
    )
    if values["output_size"] is None or any(isinstance(size, str) or size < 0 for size in sizes):
        raise InvalidSetting(
            N_("output_size is one number or one for each side, 0 or more or None, not {size}"),
            size=values["output_size"],
        )
    return sizes


def _two_formula(values: Values) -> Formula:
    shape = values["shape"]
    # PyTorch takes the mean where the output is 1×1, and then does not ask how many dimensions come before.
    if values["output_size"] == 1:
        check_dims(shape, (2, 3, 4, 5))
    elif len(shape) != 5 or _adaptive_size(values, 2) != (1, 1):
        check_dims(shape, (3, 4))
    output = small((*shape[:-2], *_adaptive_size(values, 2)))
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


def _three_formula(values: Values) -> Formula:
    shape = values["shape"]
    check_dims(shape, (3, 4, 5) if values["output_size"] == 1 else (4, 5))  # of one number: as in two dimensions
    output = small((*shape[:-3], *_adaptive_size(values, 3)))
    return Formula(
        (r"(\dots, D, H, W) \to (\dots, S_0, S_1, S_2)", rf"{shape_text(shape)} \to {shape_text(output)}"),
        output,
    )


ADAPTIVE_3D = Operator(
    "AdaptiveAvgPool3d",
    "torch.nn.AdaptiveAvgPool3d",
    "pooling",
    "nn.AdaptiveAvgPool3d(output_size)",
    N_("Averages each channel of a volume down to the depth, height and width you set; None keeps a size."),
    "torch.nn.AdaptiveAvgPool3d",
    (
        Argument("shape", "shape", "1, 1, 3, 4, 5", examples=("2, 3, 3, 3", "1, 2, 2, 2, 2", "3, 3, 3")),
        Argument("output_size", "sizes", "2", examples=("1", "2, None, 3", "1, 2", "3, 2, 1")),
    ),
    lambda values: [random("x", values["shape"]), f"y = nn.AdaptiveAvgPool3d({values['output_size']})(x)"],
    _three_formula,
    lambda names, _: Call("adaptive_avg_pool3d", {"input": names["x"]}, {}, names["y"]),
)


OPERATIONS = (
    operation(
        *(f"avg_pool{n}d" for n in SIDES),
        rule=rule,
        operators=(AVG_POOL_1D, AVG_POOL_2D, AVG_POOL_3D),
        meaning=N_("Keeps the mean of each window."),
        nodes={f"AvgPool{n}DBackward": SHARED for n in SIDES},
    ),
    operation(
        *(f"adaptive_avg_pool{n}d" for n in SIDES),
        rule=rule,
        operators=(ADAPTIVE_1D, ADAPTIVE_2D, ADAPTIVE_3D),
        meaning=N_("Chooses its windows so that the output gets the size you ask for, and keeps each mean."),
        nodes={f"AdaptiveAvgPool{n}DBackward": SHARED for n in SIDES},
    ),
)
