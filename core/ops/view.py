"""``view`` and ``reshape``: the same numbers in another shape."""

from __future__ import annotations

import math
from typing import Any

import torch

from core.errors import N_, InvalidSetting
from core.ops.explanation import Call
from core.ops.index_rule import Cells, IndexRule, Product, each, operation
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Shape,
    Surprise,
    Values,
    random,
    shape_text,
)


def rule(call: Call) -> IndexRule:
    """y_k = x_k, k being the place in row-major order"""
    k = each("k", call.output.numel())
    return IndexRule((Product((k,), (Cells("input", "x", (k,)),)),), flat=True)


OTHER_SHAPE = N_("A new shape on the same numbers: the gradient gets the old shape back.")


TRANSPOSED = Argument("transposed", "bool", False)


def start(values: Values) -> list[str]:
    """Return the lines that make x, and from it the t that is reshaped: x itself or x with its ends swapped."""
    swapped = values.get("transposed") and len(values["shape"]) > 1
    return [random("x", values["shape"]), "t = x.transpose(0, -1)" if swapped else "t = x"]


def before(values: Values) -> tuple[Shape, Shape]:
    """Return shape and strides of t."""
    t = torch.empty(values["shape"], device="meta")
    if values.get("transposed") and t.dim() > 1:
        t = t.transpose(0, -1)
    return tuple(t.shape), t.stride()


def after(call: str) -> list[str]:
    """Return the lines that make y, and print whether it shares the memory of t."""
    return [
        f"y = {call}",
        'print("strides", t.stride(), "->", y.stride())',
        'print("same memory:", t.data_ptr() == y.data_ptr())',
    ]


def reshaped_call(name: str, names: Values) -> Call:
    """Read the call of an operation that reshapes t."""
    return Call(name, {"input": names["t"]}, {}, names["y"])


def fill_in(shape: Any, count: int) -> Shape:
    """Put the size that -1 stands for into ``shape``; refuse what does not hold ``count`` numbers."""
    sizes = shape if isinstance(shape, tuple) else (shape,)
    if not all(isinstance(size, int) and size >= -1 for size in sizes) or sizes.count(-1) > 1:
        raise InvalidSetting(N_("a shape is made of sizes, at most one of them -1, not {shape}"), shape=shape)
    fixed = math.prod(size for size in sizes if size != -1)
    if fixed == 0 or (count % fixed if -1 in sizes else count != fixed):
        raise InvalidSetting(
            N_("{count} {count:number does|numbers do} not fill the shape {shape}"), count=count, shape=shape
        )
    return tuple(count // fixed if size == -1 else size for size in sizes)


def _reshape_formula(values: Values) -> Formula:
    input_shape, _ = before(values)
    output = fill_in(values["new_shape"], math.prod(input_shape))
    product = r" \cdot ".join(map(str, input_shape))
    other = r" \cdot ".join(map(str, output))
    return Formula(
        (
            r"(d_0, \dots) \to (d'_0, \dots), \quad \prod_i d_i = \prod_j d'_j",
            rf"{product} = {math.prod(input_shape)} = {other},\qquad "
            rf"{shape_text(input_shape)} \to {shape_text(output)}",
        ),
        output,
    )


def can_view(shape: Shape, strides: Shape, output: Shape) -> bool:
    """Return whether a tensor with these strides can take the shape ``output`` without moving a number.

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
    sizes = [size for size in output if size != 1]
    for chunk in chunks:
        filled = 1
        while filled < chunk and sizes:
            filled *= sizes.pop()
        if filled != chunk:
            return False
    return True


def _view_formula(values: Values) -> Formula:
    formula = _reshape_formula(values)
    shape, strides = before(values)
    if not can_view(shape, strides, formula.output):
        raise InvalidSetting(
            N_(
                "with strides {strides} the shape {shape} cannot be cut into {output} without moving"
                " numbers; reshape copies then"
            ),
            strides=strides,
            shape=shape,
            output=formula.output,
        )
    return formula


NEW_SHAPE = Argument(
    "new_shape", "sizes", "3, 2", examples=("6", "-1", "-1, 2", "4, -1", "2, 3", "-1, -1", "-2, 3")
)


SHAPE = Argument("shape", "shape", "2, 3", examples=("2, 2, 3", "6", "4, 1, 3"))


def _as_tuple(shape: Any) -> Any:
    return (shape,) if isinstance(shape, int) else shape


VIEW = Operator(
    "view",
    "torch.Tensor.view",
    "shapes",
    "t.view(*shape)",
    N_("The same memory under another shape; nothing is copied."),
    "torch.Tensor.view",
    (SHAPE, NEW_SHAPE, TRANSPOSED),
    lambda values: [*start(values), *after(f"t.view({values['new_shape']})")],
    _view_formula,
    lambda names, _: reshaped_call("view", names),
    Surprise(
        N_("y = x.view(6), then y[0] = 100. What is x[0, 0]?"),
        {"old": N_("as before"), "100": "100"},
        "100",
        "import torch\n\nx = torch.arange(6.0).view(2, 3)\ny = x.view(6)\ny[0] = 100\nprint(x)\n"
        "try:\n    x.t().view(6)\nexcept RuntimeError as error:\n    print(error)\n"
        "print('strides', x.stride(), 'transposed', x.t().stride())\n",
        N_(
            "A view shares memory: a change of one changes the other. A transposed tensor holds"
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
        *start(values),
        *after(f"torch.reshape(t, {_as_tuple(values['new_shape'])})"),
    ],
    _reshape_formula,
    lambda names, _: reshaped_call("reshape", names),
    Surprise(
        N_("reshape of a transposed tensor: does writing into the result change the original?"),
        {"yes": N_("yes, as with view"), "no": N_("no, here it is a copy")},
        "no",
        "import torch\n\nx = torch.arange(6.0).view(2, 3)\nfor t in (x, x.t()):\n    y = t.reshape(6)\n"
        "    print('strides', t.stride(), 'same memory:', y.data_ptr() == x.data_ptr())\n",
        N_("reshape shares memory when it can and copies when it must, silently. Do not rely on either."),
    ),
)


OPERATIONS = (
    operation(
        "view",
        "reshape",
        "unflatten",
        "view_as",
        "reshape_as",
        rule=rule,
        operators=(VIEW, RESHAPE),
        meaning=N_("The same numbers in the same memory, with another shape."),
        nodes=dict.fromkeys(("ViewBackward", "ReshapeAliasBackward", "UnsafeViewBackward"), OTHER_SHAPE),
    ),
)
