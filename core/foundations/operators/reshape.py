"""``view``, ``reshape``, ``flatten``, ``unsqueeze`` and ``squeeze``: other shapes for the same numbers."""

from __future__ import annotations

import math
from typing import Any

import torch

from core.errors import N_, InvalidSetting
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Shape,
    Surprise,
    Values,
    dimension,
    random,
    shape_text,
)
from core.ops.records import Call

TRANSPOSED = Argument("transposed", "bool", False)


def _start(values: Values) -> list[str]:
    """Return the lines that make x, and from it the t that is reshaped: x itself or x with its ends swapped."""
    swapped = values.get("transposed") and len(values["shape"]) > 1
    return [random("x", values["shape"]), "t = x.transpose(0, -1)" if swapped else "t = x"]


def _before(values: Values) -> tuple[Shape, Shape]:
    """Return shape and strides of t."""
    t = torch.empty(values["shape"], device="meta")
    if values.get("transposed") and t.dim() > 1:
        t = t.transpose(0, -1)
    return tuple(t.shape), t.stride()


def _after(call: str) -> list[str]:
    return [
        f"y = {call}",
        'print("strides", t.stride(), "->", y.stride())',
        'print("same memory:", t.data_ptr() == y.data_ptr())',
    ]


def _call(name: str, names: Values) -> Call:
    return Call(name, {"input": names["t"]}, {}, names["y"])


def fill_in(shape: Any, count: int) -> Shape:
    """Put the size that -1 stands for into ``shape``; refuse what does not hold ``count`` numbers."""
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not all(isinstance(size, int) and size >= -1 for size in sizes) or sizes.count(-1) > 1:
        raise InvalidSetting(N_("a shape is made of sizes, at most one of them -1, not {shape}"), shape=shape)
    known = math.prod(size for size in sizes if size != -1)
    if known == 0 or (count % known if -1 in sizes else count != known):
        raise InvalidSetting(N_("{count} numbers do not fill the shape {shape}"), count=count, shape=shape)
    return tuple(count // known if size == -1 else size for size in sizes)


def _reshape_formula(values: Values) -> Formula:
    before, _ = _before(values)
    output = fill_in(values["new_shape"], math.prod(before))
    product = r" \cdot ".join(map(str, before))
    other = r" \cdot ".join(map(str, output))
    return Formula(
        (
            r"(d_0, \dots) \to (d'_0, \dots), \quad \prod_i d_i = \prod_j d'_j",
            rf"{product} = {math.prod(before)} = {other},\qquad {shape_text(before)} \to {shape_text(output)}",
        ),
        output,
    )


def can_view(shape: Shape, strides: Shape, output: Shape) -> bool:
    """Say whether a tensor with these strides can take the shape ``output`` without moving a number.

    Walk from the last dimension: dimensions that lie without a gap (stride = size · stride of the next) form a
    chunk, and each chunk must be cut up on its own. Source: PyTorch, ``computeStride`` in ``TensorUtils.cpp``.
    """
    chunks, run, last = [], 1, None
    for size, stride in reversed([pair for pair in zip(shape, strides, strict=True) if pair[0] != 1]):
        if last is not None and stride != last:
            chunks.append(run)
            run = 1
        run *= size
        last = stride * size
    chunks.append(run)
    left = [size for size in output if size != 1]
    for chunk in chunks:
        filled = 1
        while filled < chunk and left:
            filled *= left.pop()
        if filled != chunk:
            return False
    return True


def _view_formula(values: Values) -> Formula:
    formula = _reshape_formula(values)
    shape, strides = _before(values)
    if not can_view(shape, strides, formula.output):
        raise InvalidSetting(
            N_("with strides {strides} the shape {shape} cannot be cut into {output} without moving"
               " numbers; reshape copies then"),
            strides=strides,
            shape=shape,
            output=formula.output,
        )  # fmt: skip
    return formula


NEW_SHAPE = Argument(
    "new_shape", "sizes", "3, 2", examples=("6", "-1", "-1, 2", "4, -1", "2, 3", "-1, -1", "-2, 3")
)
SHAPE = Argument("shape", "shape", "2, 3", examples=("2, 2, 3", "6", "4, 1, 3"))

VIEW = Operator(
    "view",
    "torch.Tensor.view",
    "shapes",
    "t.view(*shape)",
    N_("The same memory under another shape; nothing is copied."),
    "torch.Tensor.view",
    (SHAPE, NEW_SHAPE, TRANSPOSED),
    lambda values: [*_start(values), *_after(f"t.view({values['new_shape']})")],
    _view_formula,
    lambda names, _: _call("view", names),
    Surprise(
        N_("y = x.view(6), then y[0] = 100. What is x[0, 0]?"),
        {"old": N_("as before"), "100": "100"},
        "100",
        "import torch\n\nx = torch.arange(6.0).view(2, 3)\ny = x.view(6)\ny[0] = 100\nprint(x)\n"
        "try:\n    x.t().view(6)\nexcept RuntimeError as error:\n    print(error)\n"
        "print('strides', x.stride(), 'transposed', x.t().stride())\n",
        N_(
            "A view shares the memory: whoever writes into one, writes into the other. A transposed tensor holds"
            " its"
            " numbers in another order, so it cannot be seen as one row without a copy."
        ),
    ),
)

RESHAPE = Operator(
    "reshape",
    "torch.reshape",
    "shapes",
    "torch.reshape(input, shape)",
    N_("As view where that is possible, else a copy."),
    "torch.reshape",
    (SHAPE, NEW_SHAPE, TRANSPOSED),
    lambda values: [
        *_start(values),
        *_after(f"torch.reshape(t, {_as_tuple(values['new_shape'])})"),
    ],
    _reshape_formula,
    lambda names, _: _call("reshape", names),
    Surprise(
        N_("reshape of a transposed tensor: does writing into the result change the original?"),
        {"yes": N_("yes, as with view"), "no": N_("no, here it is a copy")},
        "no",
        "import torch\n\nx = torch.arange(6.0).view(2, 3)\nfor t in (x, x.t()):\n    y = t.reshape(6)\n"
        "    print('strides', t.stride(), 'same memory:', y.data_ptr() == x.data_ptr())\n",
        N_("reshape shares memory when it can and copies when it must, silently. Do not rely on either."),
    ),
)


def _as_tuple(shape: Any) -> Any:
    return (shape,) if isinstance(shape, int) else shape


def _flatten_formula(values: Values) -> Formula:
    shape = values["shape"]
    start, end = (dimension(values, name, len(shape)) for name in ("start_dim", "end_dim"))
    if start > end:
        raise InvalidSetting(N_("start_dim {start} comes after end_dim {end}"), start=start, end=end)
    output = (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])
    product = r" \cdot ".join(map(str, shape[start : end + 1]))
    return Formula(
        (
            r"(d_0, \dots) \to \Big(\dots, d_{s-1}, \prod_{i=s}^{e} d_i, d_{e+1}, \dots\Big)",
            r"s = \mathtt{start\_dim},\; e = \mathtt{end\_dim}",
            rf"{product} = {output[start]},\qquad {shape_text(shape)} \to {shape_text(output)}",
        ),
        output,
    )


FLATTEN = Operator(
    "flatten",
    "torch.flatten",
    "shapes",
    "torch.flatten(input, start_dim=0, end_dim=-1)",
    N_("Joins neighbouring dimensions into one, in row-major order."),
    "torch.flatten",
    (
        Argument("shape", "shape", "2, 2, 3", examples=("2, 3", "6", "2, 1, 2, 2")),
        Argument("start_dim", "int", 1, -4, 4),
        Argument("end_dim", "int", -1, -4, 4),
    ),
    lambda values: [
        *_start(values),
        *_after(f"torch.flatten(t, start_dim={values['start_dim']}, end_dim={values['end_dim']})"),
    ],
    _flatten_formula,
    lambda names, _: _call("flatten", names),
    Surprise(
        N_("A batch x of shape (64, 1, 28, 28): what is torch.flatten(x).shape?"),
        {"(64, 784)": "(64, 784)", "(50176,)": "(50176,)"},
        "(50176,)",
        "import torch\nfrom torch import nn\n\nx = torch.zeros(64, 1, 28, 28)\nprint(torch.flatten(x).shape)\n"
        "print(torch.flatten(x, 1).shape, nn.Flatten()(x).shape)\n",
        N_("torch.flatten starts at dimension 0 and joins the batch too; nn.Flatten starts at 1."),
    ),
)


def _unsqueeze_formula(values: Values) -> Formula:
    shape = values["shape"]
    dim = dimension(values, "dim", len(shape), extra=1)
    output = (*shape[:dim], 1, *shape[dim:])
    rule = r"(d_0, \dots) \to (\dots, d_{k-1}, 1, d_k, \dots), \quad k = \mathtt{dim}"
    return Formula((rule, rf"{shape_text(shape)} \to {shape_text(output)}"), output)


UNSQUEEZE = Operator(
    "unsqueeze",
    "torch.unsqueeze",
    "shapes",
    "torch.unsqueeze(input, dim)",
    N_("Puts in a dimension of size 1; used to make a batch of one."),
    "torch.unsqueeze",
    (SHAPE, Argument("dim", "int", 0, -5, 5)),
    lambda values: [*_start(values), *_after(f"torch.unsqueeze(t, {values['dim']})")],
    _unsqueeze_formula,
    lambda names, _: _call("unsqueeze", names),
    Surprise(
        N_("x has shape (2, 3). Which dim puts the new dimension last?"),
        {"2 or -1": N_("2 or -1"), "1": "1", "-2": "-2"},
        "2 or -1",
        "import torch\n\nx = torch.zeros(2, 3)\nfor dim in (-3, -2, -1, 0, 1, 2):\n"
        "    print(dim, tuple(x.unsqueeze(dim).shape))\n",
        N_("dim counts in the result, which has one dimension more: from -3 to 2."),
    ),
)


def _squeeze_formula(values: Values) -> Formula:
    shape, chosen = values["shape"], values["dim"]
    asked = range(len(shape)) if chosen is None else chosen if isinstance(chosen, tuple) else (chosen,)
    if any(not isinstance(dim, int) for dim in asked):
        raise InvalidSetting(N_("dim is a dimension, several, or none, not {dim}"), dim=chosen)
    dims = [dimension({"dim": dim}, "dim", len(shape)) for dim in asked]
    if len(set(dims)) < len(dims):
        raise InvalidSetting(N_("one dimension is named twice in {dims}"), dims=chosen)
    output = tuple(size for dim, size in enumerate(shape) if dim not in dims or size != 1)
    kept = r"d_i \ne 1" if chosen is None else r"d_i \ne 1 \,\lor\, i \notin \mathtt{dim}"
    rule = rf"(d_0, \dots) \to (d_i : {kept})"
    return Formula((rule, rf"{shape_text(shape)} \to {shape_text(output)}"), output)


SQUEEZE = Operator(
    "squeeze",
    "torch.squeeze",
    "shapes",
    "torch.squeeze(input, dim=None)",
    N_("Removes dimensions of size 1: all of them, or those you name."),
    "torch.squeeze",
    (
        Argument("shape", "shape", "1, 2, 1, 3", examples=("1, 3", "2, 3", "1, 1")),
        Argument("dim", "sizes", "None", examples=("0", "1", "-1", "0, 2", "0, 0", "5")),
    ),
    lambda values: [
        *_start(values),
        *_after("torch.squeeze(t)" if values["dim"] is None else f"torch.squeeze(t, {values['dim']})"),
    ],
    _squeeze_formula,
    lambda names, _: _call("squeeze", names),
    Surprise(
        N_("x has shape (2, 3). What does x.squeeze(0) do?"),
        {"error": N_("an error: size 2 is not 1"), "nothing": N_("nothing"), "first": N_("it takes the first row")},
        "nothing",
        "import torch\n\nx = torch.zeros(2, 3)\nprint(x.squeeze(0).shape)\nbatch = torch.zeros(1, 10)\n"
        "print('a batch of one, squeezed by mistake:', batch.squeeze().shape)\n",
        N_(
            "A dimension that is not 1 is left alone, without a word. And squeeze() without dim also takes out a"
            " batch"
            " of one: a program that works with batches of 64 breaks with the last, smaller one."
        ),
    ),
)
