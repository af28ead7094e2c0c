"""Operations that compute each cell from the cell in its place: y = f(x), and the derivative, as lines of data.

Two tensors are broadcast; a loss is such a function of input and target, averaged or added up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from torch import Tensor

from core.ops.definition import Definition, by_recipe
from core.ops.dims import broadcast, every
from core.ops.explanation import Call, Explanation, Factor, Index, Term
from core.ops.index_rule import Cells, Product, assignments, place_of
from core.ops.latex import number
from core.ops.terms import product, quotient, summed
from core.ops.whole import Array, Hand, array, largest

Options = dict[str, Any]
Function = Callable[..., Array]  # (options, *numbers) -> numbers


@dataclass(frozen=True)
class Operand:
    """One argument: its name and symbol, and the derivative of y by it, in LaTeX and as a function.

    ``scale`` is what the rounding errors of the derivative are relative to; its magnitude where it is None.
    """

    name: str
    symbol: str
    latex: str
    slope: Function | None
    scale: Function | None = None


@dataclass(frozen=True)
class Formula:
    """y = f(operands); ``latex`` is the right-hand side, ``scale`` what rounding errors of y are relative to.

    ``known(options)`` is False for options that are not written out. A ``loss`` has an option "reduction"; its mean
    is over the number of cells n, or over the number that ``mean`` names in LaTeX and computes.
    """

    latex: str
    f: Function
    operands: tuple[Operand, ...]
    scale: Function | None = None
    applies: Callable[[Options], bool] = lambda _: True
    loss: bool = False
    mean: tuple[str, Callable[[Call], float]] | None = None


def unary(latex: str, slope_latex: str, f: Function, slope: Function, **rest: Any) -> Formula:
    """Return the formula of a function of one tensor."""
    slope_scale = rest.pop("slope_scale", None)
    return Formula(latex, f, (Operand("input", "x", slope_latex, slope, slope_scale),), **rest)


def operation(*names: str, formula: Formula | Callable[[Call], Formula], **words: Any) -> Definition:
    """Return the definition of an operation that computes each cell by ``formula``, or by the call's own."""

    def recipe(call: Call) -> Formula | None:
        own_formula = formula if isinstance(formula, Formula) else formula(call)
        return own_formula if _is_known(own_formula, call) else None

    return by_recipe(
        *names,
        recipe=recipe,
        value=_value,
        gradient=_gradient,
        whole=_whole,
        whole_gradient=_whole_gradient,
        **words,
    )


def weighted(formula: Formula, mean: tuple[str, Callable[[Call], float]] | None = None) -> Formula:
    """Return ``formula`` with each cell multiplied by that of the call's "weight"."""

    def times(function: Function | None) -> Function | None:
        return None if function is None else lambda o, *numbers: numbers[-1] * function(o, *numbers[:-1])

    def size(function: Function | None) -> Function | None:
        return None if function is None else lambda o, *numbers: np.abs(numbers[-1]) * function(o, *numbers[:-1])

    operands = [
        replace(each, latex=rf"w\,({each.latex})", slope=times(each.slope), scale=size(each.scale))
        for each in formula.operands
    ]
    f = times(formula.f)
    assert f is not None
    latex = rf"w\,\big({formula.latex}\big)"
    weight = Operand("weight", "w", "", None)
    return replace(
        formula,
        latex=latex,
        f=f,
        operands=(*operands, weight),
        scale=size(formula.scale),
        mean=mean or formula.mean,
    )


def _is_known(formula: Formula, call: Call) -> bool:
    arguments = [call.tensors.get(operand.name, call.options.get(operand.name)) for operand in formula.operands]
    numbers = all(isinstance(each, Tensor | int | float) for each in arguments)
    return numbers and formula.applies(call.options | call.tensors)


def _operands(formula: Formula, call: Call) -> list[Array]:
    """Return the numbers of every operand, broadcast to one shape."""
    arrays = [
        array(call.tensors[each.name]) if each.name in call.tensors else np.asarray(float(call.options[each.name]))
        for each in formula.operands
    ]
    return list(np.broadcast_arrays(*arrays))


def _share(formula: Formula, call: Call, count: int) -> float:
    """Return what each cell's number counts for in a loss: 1/n in a mean."""
    if not formula.loss or call.options.get("reduction", "mean") != "mean":
        return 1.0
    total = count if formula.mean is None else formula.mean[1](call)
    return quotient(1, total) if count else math.nan


def _over(formula: Formula) -> str:
    return "n" if formula.mean is None else formula.mean[0]


def _is_reduced(formula: Formula, call: Call) -> bool:
    return formula.loss and call.options.get("reduction", "mean") != "none"


def _scale(scale: Function | None, numbers: Array, options: Options, arguments: list[Array]) -> Array:
    return np.abs(numbers) if scale is None else np.maximum(np.abs(numbers), scale(options, *arguments))


def _whole(formula: Formula, call: Call) -> Hand:
    arguments = _operands(formula, call)
    numbers = np.asarray(formula.f(call.options, *arguments))
    scale = _scale(formula.scale, numbers, call.options, arguments)
    peak = max(largest(scale), *map(largest, arguments))
    if not _is_reduced(formula, call):
        return Hand(numbers, scale, 2, peak)
    share = _share(formula, call, numbers.size)
    return Hand(
        np.asarray(numbers.sum() * share), np.asarray(scale.sum() * share), numbers.size + 1, largest(scale.sum())
    )


def _whole_gradient(formula: Formula, call: Call, which: str, g: Array) -> Hand | None:
    arguments = _operands(formula, call)
    operand = next(each for each in formula.operands if each.name == which)
    if operand.slope is None:
        return None
    slopes = np.asarray(operand.slope(call.options, *arguments))
    products = g * _share(formula, call, slopes.size)
    scale = np.abs(products) * _scale(operand.scale, slopes, call.options, arguments)
    shape = tuple(call.tensors[which].shape)
    numbers, scale = (narrowed(np.broadcast_to(each, slopes.shape), shape) for each in (products * slopes, scale))
    return Hand(numbers, scale, max(slopes.size // max(numbers.size, 1), 1) + 1, max(largest(scale), largest(g)))


def narrowed(whole: Array, shape: tuple[int, ...]) -> Array:
    """Add up what broadcasting spread: the gradient of a tensor of ``shape``."""
    added = whole.sum(tuple(range(whole.ndim - len(shape)))) if whole.ndim > len(shape) else whole
    stretched = tuple(d for d, size in enumerate(shape) if size == 1 and added.shape[d] != 1)
    return np.asarray(added.sum(stretched, keepdims=True))


def _shape(formula: Formula, call: Call) -> tuple[int, ...]:
    return tuple(np.broadcast_shapes(*(each.shape for each in _operands(formula, call))))


def _cells(formula: Formula, call: Call) -> Product:
    """Return which cells of the operands meet, before a loss is reduced."""
    output = every(_shape(formula, call))
    named = [each for each in formula.operands if each.name in call.tensors]
    cells = [Cells(each.name, each.symbol, broadcast(call.tensors[each.name].shape, output)) for each in named]
    return Product(output, tuple(cells))


def _value(formula: Formula, call: Call, index: Index) -> Explanation:
    """Open one cell: the operands' cells and what f makes of them; of a reduced loss, every cell's number."""
    product, arguments = _cells(formula, call), _operands(formula, call)
    torch_value = call.output[index].item()
    with np.errstate(all="ignore"):
        numbers = np.asarray(formula.f(call.options, *arguments))
        scale = _scale(formula.scale, numbers, call.options, arguments)
    if not _is_reduced(formula, call):
        terms = [_cell_term(call, cells, index) for cells in product.cells]
        result = float(numbers[index])
        steps = (f"y = {number(result)}",)
        symbolic = f"y = {formula.latex}"
        return Explanation(
            "output", index, symbolic, tuple(terms), result, torch_value, "steps", steps, float(scale[index])
        )
    share = _share(formula, call, numbers.size)
    shared = () if share == 1 else (Factor(f"1/{_over(formula)}", share),)
    terms = [
        Term((Factor(r"\ell", float(ell), "input", place), *shared), float(ell) * share)
        for place, ell in np.ndenumerate(numbers)
    ]
    symbolic = (
        rf"L = \frac{{1}}{{{_over(formula)}}} \sum_i \ell_i" if shared else r"L = \sum_i \ell_i"
    ) + rf",\quad \ell = {formula.latex}"
    result = summed(term.value for term in terms)
    whole = float(scale.sum())
    return Explanation(
        "output", index, symbolic, tuple(terms), result, torch_value, "sum", (), whole * share, whole
    )


def _cell_term(call: Call, cells: Cells, index: Index) -> Term:
    place = tuple(0 if not dim.variables else index[k] for k, dim in _aligned(cells, index))
    return product((cells.symbol, call.tensors[cells.name], cells.name, place))


def _aligned(cells: Cells, index: Index) -> list[tuple[int, Any]]:
    """Pair the dimensions with their places in ``index``: broadcasting lines them up at the end."""
    return list(enumerate(cells.dims, len(index) - len(cells.dims)))


def _gradient(
    formula: Formula, call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index
) -> Explanation | None:
    """Open one cell of an operand's gradient: g times the derivative at every place where the cell was used."""
    operand = next(each for each in formula.operands if each.name == which)
    if operand.slope is None:
        return None
    elementwise, arguments = _cells(formula, call), _operands(formula, call)
    with np.errstate(all="ignore"):
        slopes = np.asarray(operand.slope(call.options, *arguments))
        scales = _scale(operand.scale, slopes, call.options, arguments)
    reduced, share = _is_reduced(formula, call), _share(formula, call, slopes.size)
    terms, scale = [], 0.0
    for assignment in assignments(elementwise, elementwise.only(which).dims, index):
        place = place_of(elementwise.output, assignment)
        assert place is not None
        g = product(("g", grad_output, "grad_output", () if reduced else place)).factors[0]
        factors = [g, Factor(rf"\partial y/\partial {operand.symbol}", float(slopes[place]), which, index)]
        factors += [Factor(f"1/{_over(formula)}", share)] if share != 1 else []
        terms.append(Term(tuple(factors), math.prod(factor.value for factor in factors)))
        scale += abs(g.value * share) * float(scales[place])
    lhs = rf"\frac{{\partial L}}{{\partial {operand.symbol}}}"
    over = rf"\frac{{1}}{{{_over(formula)}}}\, " if share != 1 else ""
    several = r"\sum " if len(terms) > 1 else ""
    symbolic = rf"{lhs} = {over}{several}g \cdot \Big({operand.latex}\Big)"
    result = summed(term.value for term in terms)
    return Explanation(which, index, symbolic, tuple(terms), result, grad[index].item(), "sum", (), scale)
