"""Runs an operator with the chosen arguments: the program on the screen is the one that runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from torch import Tensor

from core.errors import InvalidSetting
from core.foundations.execution import execute
from core.isolation.work import is_out_of_memory
from core.ops import explain
from core.ops.explanation import Call, Explanation
from core.ops.operator import REQUIRES_GRAD, Formula, Operator, Shape, TooLarge, Values, check_readable, parse
from core.ops.places import cell
from core.ops.registry import OPERATORS
from core.windows.sizes import UncheckedByTorch


@dataclass(frozen=True)
class OperatorRun:
    """What came of it: the program, and either its tensors or what PyTorch and the formula object to.

    ``error`` is PyTorch's own sentence with the kind of exception before it; ``invalid`` what the shape rule says,
    and what it says when what it said first is mended. ``x`` is the name that the call has for x.
    """

    program: str
    printed: str = ""
    call: Call | None = None
    grad_output: Tensor | None = None
    grads: dict[str, Tensor] = field(default_factory=dict)
    formula: Formula | None = None
    invalid: tuple[InvalidSetting, ...] = ()
    error: str = ""
    x: str = ""


def program(
    operator: Operator, values: Values, seed: int, cells: Mapping[int, float] = MappingProxyType({})
) -> str:
    """Return the program that makes the input, calls the operator, and sends a gradient back through it.

    ``cells`` are numbers of x, by their place in row-major order, that are set after x is drawn.
    """
    lines = [*_with_cells(operator.lines(values), values["shape"], cells)]
    text = "\n".join(lines)
    imports = ["import torch"]
    imports += ["import torch.nn.functional as F"] if "F." in text else []
    imports += ["from torch import nn"] if "nn." in text.replace("torch.nn.", "") else []
    gradient = "torch.ones(y.shape)" if operator.loss else "torch.randn(y.shape).round(decimals=1)"
    return (
        "\n".join(imports)
        + f"\n\ntorch.manual_seed({seed})\n{text}\n\ng = {gradient}  # stands for the gradient that arrives at y\n"
        + "y.backward(g)\n\nprint(y)\nprint(x.grad)\n"
    )


def _with_cells(lines: list[str], shape: Shape, cells: Mapping[int, float]) -> Iterator[str]:
    """Yield the lines, those cells of x that it has set before its gradient is wanted; x is drawn all the same."""
    inside = {place: number for place, number in sorted(cells.items()) if place < math.prod(shape)}
    for line in lines:
        if line.startswith("x = ") and inside:
            yield line.removesuffix(REQUIRES_GRAD)
            yield from (f"x[{', '.join(map(str, cell(at, shape)))}] = {number!r}" for at, number in inside.items())
            yield f"x{REQUIRES_GRAD}"
        else:
            yield line


def run(
    operator: Operator, values: Values, seed: int = 0, cells: Mapping[int, float] = MappingProxyType({})
) -> OperatorRun:
    """Run ``operator`` with ``values``; an error of the shape rule and PyTorch's own error are part of the answer.

    What is too large, or what PyTorch does not check itself, is not run. What the formula refuses because PyTorch
    would refuse it runs up to PyTorch's own check, whose words the lesson shows.
    """
    text = program(operator, values, seed, cells)
    formula, names, printed, error = None, None, "", ""
    wrong: tuple[InvalidSetting, ...] = ()
    try:
        formula = operator.formula(values)
        check_readable(formula.output)
    except (TooLarge, UncheckedByTorch) as refused:
        return OperatorRun(text, invalid=(refused,))
    except InvalidSetting:
        wrong = every_invalid(operator, values)
    try:
        names, printed = execute(text)
    except Exception as raised:  # whatever PyTorch raises is what the lesson shows
        if is_out_of_memory(raised):
            raise
        error = f"{type(raised).__name__}: {raised}"
    if names is None or wrong:
        return OperatorRun(text, printed, formula=formula, invalid=wrong, error=error)
    call = operator.call(names, values)
    x = next((name for name, each in call.tensors.items() if each is names["x"] or each is names.get("t")), "")
    return OperatorRun(text, printed, call, names["g"], _grads(call, names), formula, x=x)


def every_invalid(operator: Operator, values: Values) -> tuple[InvalidSetting, ...]:
    """Return what the shape rule says of ``values``, and then what it says once the argument to blame is a default.

    To blame is an argument of which the rule says the same where all others have their defaults.
    """
    defaults = {argument.name: parse(argument, argument.default) for argument in operator.arguments}
    defaults |= {"shape": values["shape"]}
    of_the_shape = str(invalid(operator, defaults))
    errors: dict[str, InvalidSetting] = {}
    while (error := invalid(operator, values)) is not None and str(error) not in errors:
        errors[str(error)] = error
        if str(error) == of_the_shape:
            break
        alone = {name: invalid(operator, {**defaults, name: value}) for name, value in values.items()}
        values = {
            **values,
            **{name: defaults[name] for name, error_alone in alone.items() if str(error_alone) == str(error)},
        }
    return tuple(errors.values())


def invalid(operator: Operator, values: Values) -> InvalidSetting | None:
    """Return the first that the shape rule says of ``values``."""
    try:
        operator.formula(values)
    except InvalidSetting as error:
        return error
    return None


def run_by_name(name: str, values: Values, seed: int, cells: Mapping[int, float]) -> OperatorRun:
    """Do the same for the operator called ``name``: for another process, which has the operators itself."""
    return run(OPERATORS[name], values, seed, cells)


def _grads(call: Call, names: Values) -> dict[str, Tensor]:
    """Collect the gradients of the call's tensors; a reshaped t shows x's gradient in t's own layout."""
    grads = {
        name: tensor.grad for name, tensor in call.tensors.items() if tensor.is_leaf and tensor.grad is not None
    }
    if "t" in names:
        x, t = names["x"], names["t"]
        grads = {"input": x.grad if t is x else x.grad.transpose(0, -1)}
    return grads


def open_value(operator_run: OperatorRun, index: tuple[int, ...]) -> Explanation | None:
    """Open one element of the output; None when its arithmetic is not written out."""
    return None if operator_run.call is None else explain.value(operator_run.call, index)


def open_gradient(operator_run: OperatorRun, which: str, index: tuple[int, ...]) -> Explanation | None:
    """Open one element of the gradient of ``which``; None when its arithmetic is not written out."""
    if operator_run.call is None or operator_run.grad_output is None or which not in operator_run.grads:
        return None
    return explain.gradient(operator_run.call, which, operator_run.grad_output, operator_run.grads[which], index)
