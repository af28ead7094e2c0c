"""An operation as a sum over an index rule, stated once; cells, gradients, whole tensors and LaTeX follow from it.

A rule says which cells meet: y[n, o, i] = Σ_{c,u} x[n, c, i·s + u·d − p] · w[o, c, u] + b[o]. Each position is a
table over the variables in it. Read forwards, the tables give the terms of an output cell; read backwards, the
cells that an input cell went to, and so its gradient: g takes the place of y, and y's that of the input.
The cells of an opened sum are the linked cells that a drawing marks.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.ops.contraction import Part, contract
from core.ops.definition import Definition, by_recipe
from core.ops.explanation import Call, Explanation, Factor, Index, Term
from core.ops.places import cell, place
from core.ops.terms import product, total
from core.ops.whole import Array, Hand, array, largest

Table = NDArray[np.int64]
Assignment = dict[str, int]
Places = tuple[Table | slice | int, ...]  # an index of NumPy's


@dataclass(frozen=True, eq=False)
class Dim:
    """One dimension of a tensor: the position that the variables lead to, -1 where to none (a padding).

    ``table`` has one dimension for each of ``variables``, ``text`` is the position in LaTeX. ``slow`` is the
    variable that whole tensors take one value at a time, so that windows need no copy of every window. ``skip``:
    where the table has -1 there is no term at all, otherwise there is one of 0.
    """

    variables: tuple[str, ...]
    table: Table
    text: str
    slow: str = ""
    skip: bool = False

    @cached_property
    def most(self) -> int:
        """How many assignments lead to the same position, at most."""
        positions = self.table[self.table >= 0]
        return int(np.unique(positions, return_counts=True)[1].max(initial=1))


def each(variable: str, size: int, text: str = "", start: int = 0, step: int = 1) -> Dim:
    """Return the dimension that ``variable`` runs along: positions start, start + step, ..."""
    return Dim((variable,), np.arange(size, dtype=np.int64) * step + start, text or variable)


def at(position: int) -> Dim:
    """Return the dimension that stays at ``position``."""
    return Dim((), np.asarray(position, dtype=np.int64), str(position))


def lookup(variables: tuple[str, ...], table: Table, text: str, slow: str = "", skip: bool = False) -> Dim:
    """Return the dimension whose position is ``table`` at the variables' values."""
    return Dim(variables, np.asarray(table, dtype=np.int64), text, slow, skip)


def parts(group: str, member: str, groups: int, per_group: int) -> Dim:
    """Return the dimension that is cut into groups: position group · per_group + member; no group for one."""
    if groups == 1:
        return each(member, per_group)
    table = np.arange(groups * per_group, dtype=np.int64).reshape(groups, per_group)
    return Dim((group, member), table, f"{per_group}{group}+{member}")


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one factor: of the call's tensor ``name``, or of ``constant``, numbers that are no tensor's."""

    name: str
    symbol: str
    dims: tuple[Dim, ...]
    constant: Array | None = None

    @property
    def latex(self) -> str:
        """The cell in LaTeX: x_{n,c,i s + u}."""
        return _subscripted(self.symbol, [dim.text for dim in self.dims])


def constant(symbol: str, numbers: Array | float, dims: tuple[Dim, ...] = ()) -> Cells:
    """Return a factor that is none of the call's tensors, such as 1/n."""
    return Cells("", symbol, dims, np.asarray(numbers, dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Product:
    """One product of the sum: for every assignment of the variables, its cells' product is added to y[output]."""

    output: tuple[Dim, ...]
    cells: tuple[Cells, ...]

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The number of values of each variable."""
        dims = itertools.chain(self.output, *(cells.dims for cells in self.cells))
        return {name: size for dim in dims for name, size in zip(dim.variables, dim.table.shape, strict=True)}

    def only(self, which: str) -> Cells:
        """Return the factor of the tensor ``which``."""
        return next(cells for cells in self.cells if cells.name == which)


@dataclass(frozen=True, eq=False)
class IndexRule:
    """y = the sum of ``products``. ``flat``: all tensors are read as vectors, in row-major order."""

    products: tuple[Product, ...]
    flat: bool = False


Rule = Callable[[Call], IndexRule | None]


def operation(*names: str, rule: Rule, backward: Rule | None = None, **texts: Any) -> Definition:
    """Return the definition of an operation that is a sum over an index rule.

    ``rule(call)`` returns None for a call with options that it does not know. Gradients follow from ``backward``
    where options of the call change them alone.
    """
    return by_recipe(
        *names,
        recipe=rule,
        value=value_of,
        gradient=gradient_of,
        whole=whole_of,
        whole_gradient=whole_gradient_of,
        backward=backward,
        **texts,
    )


# One cell


def assignments(summand: Product, dims: tuple[Dim, ...], index: Index) -> Iterator[Assignment]:
    """Yield every assignment of the variables that leads ``dims`` to the cell ``index``."""
    partial: list[Assignment] = [{}]
    for dim, position in zip(dims, index, strict=True):
        options = [
            dict(zip(dim.variables, place, strict=True)) for place in np.argwhere(dim.table == position).tolist()
        ]
        partial = [
            old | new for old in partial for new in options if all(old.get(k, v) == v for k, v in new.items())
        ]
    bound = {name for dim in dims for name in dim.variables}
    free = [name for name in summand.sizes if name not in bound]
    for old in partial:
        for values in itertools.product(*(range(summand.sizes[name]) for name in free)):
            yield old | dict(zip(free, values, strict=True))


def place_of(dims: tuple[Dim, ...], assignment: Assignment) -> Index | None:
    """Return the cell that the assignment leads to; None for one of a padding."""
    spot = tuple(int(dim.table[tuple(assignment[name] for name in dim.variables)]) for dim in dims)
    return None if min(spot, default=0) < 0 else spot


def _factors(cells: Cells, call: Call, assignment: Assignment) -> Factor | None:
    spot = place_of(cells.dims, assignment)
    if spot is None:
        return None
    if cells.constant is not None:
        return Factor(cells.symbol, float(cells.constant[spot]))
    return product((cells.symbol, call.tensors[cells.name], cells.name, spot)).factors[0]


def value_of(rule: IndexRule, call: Call, index: Index) -> Explanation:
    """Open output cell ``index``: one term for each assignment that leads to it, the cells of a padding as 0."""
    if rule.flat:
        flat = value_of(replace(rule, flat=False), _flat(call), (place(index, call.output.shape),))
        return replace(flat, index=index, terms=_unflattened(flat.terms, call))
    terms, used = [], list[Product]()
    torch_value = call.output[index].item()
    for summand in rule.products:
        for assignment in assignments(summand, summand.output, index):
            used += [summand] if summand not in used else []
            factors = [_factors(cells, call, assignment) for cells in summand.cells]
            if not any(_skipped(cells, assignment) for cells in summand.cells):
                terms.append(_term(summand, factors, torch_value))
    symbolic = " + ".join(_sum(summand, summand.output, summand.cells) for summand in used) or "0"
    lhs = _left("y", used[0].output) if used else "y"
    return _with_peak(total("output", index, f"{lhs} = {symbolic}", terms, call.output), rule)


def _term(summand: Product, factors: list[Factor | None], torch_value: float) -> Term:
    inside = [factor for factor in factors if factor is not None]
    if len(inside) == len(factors):
        return Term(tuple(inside), math.prod(factor.value for factor in inside))
    # 0 times infinity is nan, and whether torch multiplies its padding or leaves it out differs between kernels
    infinite = any(not math.isfinite(factor.value) for factor in inside) and math.isnan(torch_value)
    zeros = [factor or Factor(cells.symbol, 0.0) for factor, cells in zip(factors, summand.cells, strict=True)]
    return Term(tuple(zeros), math.nan if infinite else 0.0, "padding")


def gradient_of(
    rule: IndexRule, call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index
) -> Explanation:
    """Open element ``index`` of the gradient of ``which``: the rule read backwards."""
    if rule.flat:
        at_flat = (place(index, call.tensors[which].shape),)
        flat = gradient_of(
            replace(rule, flat=False), _flat(call), which, grad_output.reshape(-1), grad.reshape(-1), at_flat
        )
        return replace(flat, index=index, terms=_unflattened(flat.terms, call))
    terms, lines = [], []
    for summand in rule.products:
        if which not in [cells.name for cells in summand.cells]:
            continue
        target, others = summand.only(which), [cells for cells in summand.cells if cells.name != which]
        arrived = Cells("grad_output", "g", summand.output)
        lines.append(_sum(summand, target.dims, (arrived, *others)))
        for assignment in assignments(summand, target.dims, index):
            arrival = place_of(summand.output, assignment)
            factors = [_factors(cells, call, assignment) for cells in others]
            if arrival is not None and None not in factors:
                own = product(("g", grad_output, "grad_output", arrival)).factors[0]
                inside = (own, *(factor for factor in factors if factor is not None))
                terms.append(Term(inside, math.prod(factor.value for factor in inside)))
        terms += _nan_of_padding(summand, call, which, grad_output, grad[index].item())
    lhs = _derivative(rule, which)
    return _with_peak(total(which, index, f"{lhs} = {' + '.join(lines) or '0'}", terms, grad), rule)


def _nan_of_padding(
    summand: Product, call: Call, which: str, grad_output: Tensor, torch_value: float
) -> list[Term]:
    """Return 0 times an infinite number as a term where torch has nan: it multiplied a padding around g or x."""
    if not math.isnan(torch_value) or not _padded(summand):
        return []
    others = [("g", "grad_output", grad_output)]
    others += [(c.symbol, c.name, call.tensors[c.name]) for c in summand.cells if c.name and c.name != which]
    for symbol, name, tensor in others:
        places = (~tensor.isfinite()).nonzero()[:1].tolist()
        if places:
            factor = Factor(symbol, tensor[tuple(places[0])].item(), name, tuple(places[0]))
            return [Term((Factor("0", 0.0), factor), math.nan, "padding")]
    return []


def _padded(summand: Product) -> bool:
    every = itertools.chain(summand.output, *(cells.dims for cells in summand.cells))
    return any(dim.slow and not dim.skip for dim in every)


def _skipped(cells: Cells, assignment: Assignment) -> bool:
    return any(dim.skip and place_of((dim,), assignment) is None for dim in cells.dims)


def _flat(call: Call) -> Call:
    """Return the call with its tensors as vectors, in row-major order."""
    tensors = {name: tensor.reshape(-1) for name, tensor in call.tensors.items()}
    return replace(call, tensors=tensors, output=call.output.reshape(-1))


def _unflattened(terms: tuple[Term, ...], call: Call) -> tuple[Term, ...]:
    """Give the factors of terms over vectors the cells of the tensors themselves."""

    def unflattened(factor: Factor) -> Factor:
        if factor.tensor is None or factor.index is None:
            return factor
        tensor = call.output if factor.tensor == "grad_output" else call.tensors[factor.tensor]
        return replace(factor, index=cell(factor.index[0], tensor.shape))

    return tuple(replace(term, factors=tuple(map(unflattened, term.factors))) for term in terms)


def _with_peak(explanation: Explanation, rule: IndexRule) -> Explanation:
    """Note the sum before it is divided by n: torch adds first and divides then."""
    return replace(explanation, peak=explanation.magnitude * _divided_by(rule))


def _divided_by(rule: IndexRule) -> float:
    every = [cells for summand in rule.products for cells in summand.cells if cells.symbol.startswith("1/")]
    numbers = [np.abs(cells.constant) for cells in every if cells.constant is not None]
    least = min((float(n[n > 0].min(initial=1.0)) for n in numbers), default=1.0)
    return 1 / min(least, 1.0)


# Whole tensors


def whole_of(rule: IndexRule, call: Call) -> Hand:
    """Return the whole output: every product's cells met, multiplied and added where they go."""
    if rule.flat:
        return _shaped(whole_of(replace(rule, flat=False), _flat(call)), call.output)
    numbers, scale = np.zeros(tuple(call.output.shape)), np.zeros(tuple(call.output.shape))
    arrays = {name: array(tensor) for name, tensor in call.tensors.items()}
    terms, odd = 0, False
    for summand in rule.products:
        tensors = [arrays[cells.name] if cells.constant is None else cells.constant for cells in summand.cells]
        sources = list(zip([cells.dims for cells in summand.cells], tensors, strict=True))
        _add(summand, summand.output, numbers, sources)
        _add(summand, summand.output, scale, [(dims, np.abs(tensor)) for dims, tensor in sources])
        terms += _count(summand, summand.output)
        odd |= _padded(summand) and not all(np.isfinite(tensor).all() for tensor in tensors)
    return _hand(rule, numbers, scale, terms, list(arrays.values()), odd)


def whole_gradient_of(rule: IndexRule, call: Call, which: str, g: Array) -> Hand:
    """Return the whole gradient of ``which``: g times the other factors, added where ``which`` was."""
    if rule.flat:
        return _shaped(
            whole_gradient_of(replace(rule, flat=False), _flat(call), which, g.reshape(-1)), call.tensors[which]
        )
    shape = tuple(call.tensors[which].shape)
    numbers, scale, terms, odd, met = np.zeros(shape), np.zeros(shape), 0, False, [g]
    for summand in rule.products:
        for target in (cells for cells in summand.cells if cells.name == which):
            others = [cells for cells in summand.cells if cells is not target]
            tensors = [array(call.tensors[c.name]) if c.constant is None else c.constant for c in others]
            sources = [(summand.output, g), *zip([cells.dims for cells in others], tensors, strict=True)]
            _add(summand, target.dims, numbers, sources)
            _add(summand, target.dims, scale, [(dims, np.abs(tensor)) for dims, tensor in sources])
            terms += _count(summand, target.dims)
            met += tensors
            odd |= _padded(summand) and not all(np.isfinite(tensor).all() for tensor in (g, *tensors))
    return _hand(rule, numbers, scale, terms, met, odd)


def _hand(rule: IndexRule, numbers: Array, scale: Array, terms: int, met: list[Array], odd: bool) -> Hand:
    peak = max([largest(scale) * _divided_by(rule), *map(largest, met)])
    return Hand(numbers, scale, max(terms, 1), peak, np.ones(numbers.shape, bool) if odd else None)


def _shaped(hand: Hand, like: Tensor) -> Hand:
    shape = tuple(like.shape)
    return replace(hand, numbers=hand.numbers.reshape(shape), scale=hand.scale.reshape(shape))


def _count(summand: Product, target: tuple[Dim, ...]) -> int:
    """Return how many terms are added into one cell of ``target``, at most."""
    bound = {name for dim in target for name in dim.variables}
    free = math.prod(size for name, size in summand.sizes.items() if name not in bound)
    return free * math.prod(dim.most for dim in target)


def _add(
    summand: Product, target: tuple[Dim, ...], into: Array, sources: list[tuple[tuple[Dim, ...], Array]]
) -> None:
    """Add the product of the sources, for every assignment, into the cells of ``target``."""
    every = [target, *(dims for dims, _ in sources)]
    slow = sorted({dim.slow for dims in every for dim in dims if dim.slow})
    for values in itertools.product(*(range(summand.sizes[name]) for name in slow)):
        fixed = dict(zip(slow, values, strict=True))
        ranges = _ranges(summand, every, fixed)
        if any(len(positions) == 0 for positions in ranges.values()):
            continue
        met = [_part(dims, tensor, fixed, ranges) for dims, tensor in sources]
        variables, places = _places(target, fixed, ranges)
        numbers = contract(met, variables, {name: len(ranges[name]) for name in variables})
        _put(into, places, numbers)


def _ranges(summand: Product, every: list[tuple[Dim, ...]], fixed: Assignment) -> dict[str, Table]:
    """Return the values that each variable may take so that no dimension with it alone leads into a padding."""
    ranges = {name: np.arange(size) for name, size in summand.sizes.items() if name not in fixed}
    for dim in itertools.chain(*every):
        table, names = _reduced(dim, fixed)
        if len(names) == 1:
            values = ranges[names[0]]
            ranges[names[0]] = values[table[values] >= 0]
        elif not names and table < 0:
            return {"": np.arange(0)}
    return ranges


def _reduced(dim: Dim, fixed: Assignment) -> tuple[Table, list[str]]:
    """Return the table of ``dim`` with the fixed variables put in, and the variables that are left."""
    at_fixed = tuple(fixed.get(name, slice(None)) for name in dim.variables)
    return np.asarray(dim.table[at_fixed]), [name for name in dim.variables if name not in fixed]


def _places(dims: tuple[Dim, ...], fixed: Assignment, ranges: dict[str, Table]) -> tuple[tuple[str, ...], Places]:
    """Return the variables of ``dims`` and the index of their cells: slices where they do, else tables."""
    reduced = [_reduced(dim, fixed) for dim in dims]
    variables = tuple(dict.fromkeys(name for _, names in reduced for name in names))
    if len(variables) == sum(len(names) for _, names in reduced if names) and all(len(n) < 2 for _, n in reduced):
        strides = [_stride(table[ranges[names[0]]]) if names else int(table) for table, names in reduced]
        if None not in strides:
            return variables, tuple(stride for stride in strides if stride is not None)
    places = []
    for table, names in reduced:
        entries = table[np.ix_(*(ranges[name] for name in names))] if names else table
        order = sorted(range(len(names)), key=lambda k: variables.index(names[k]))
        shape = [len(ranges[name]) if name in names else 1 for name in variables]
        places.append(entries.transpose(order).reshape(shape))
    return variables, tuple(places)


def _stride(positions: Table) -> slice | None:
    """Return positions at equal distances as a slice; None for others."""
    step = int(positions[1] - positions[0]) if len(positions) > 1 else 1
    if step < 1 or (len(positions) > 2 and (np.diff(positions) != step).any()):
        return None
    return slice(int(positions[0]), int(positions[-1]) + 1, step)


def _outside(places: Places) -> list[NDArray[np.bool_]]:
    """Return where the tables of positions lead into a padding; slices never do."""
    return [spots < 0 for spots in places if isinstance(spots, np.ndarray) and (spots < 0).any()]


def _inside(places: Places) -> Any:
    """Return the index that takes cell 0 for those of a padding."""
    return tuple(np.maximum(spots, 0) if isinstance(spots, np.ndarray) else spots for spots in places)


def _part(dims: tuple[Dim, ...], tensor: Array, fixed: Assignment, ranges: dict[str, Table]) -> Part:
    """Return the numbers of ``tensor`` over the variables of ``dims``, 0 in a padding."""
    variables, places = _places(dims, fixed, ranges)
    numbers = np.asarray(tensor[_inside(places)])
    for there in _outside(places):
        numbers = np.where(there, 0.0, numbers)
    return variables, np.broadcast_to(numbers, [len(ranges[name]) for name in variables])


def _put(into: Array, places: Places, numbers: Array) -> None:
    """Add ``numbers`` at ``places``; what leads into a padding is dropped."""
    for there in _outside(places):
        numbers = np.where(there, 0.0, numbers)
    inside = _inside(places)
    if all(np.unique(spots).size == spots.size for spots in inside if isinstance(spots, np.ndarray)):
        into[inside] += numbers  # no cell is met twice
    else:
        np.add.at(into, inside, numbers)


# LaTeX


def _subscripted(symbol: str, texts: list[str]) -> str:
    return f"{symbol}_{{{','.join(texts)}}}" if texts else symbol


LETTERS = ("a", "b", "d", "e", "f")


def _bound(dims: tuple[Dim, ...]) -> tuple[list[str], list[str], set[str]]:
    """Return how a cell on the left is written, the conditions that tie it to the right, and what it binds.

    A dimension to which several assignments lead gets a letter of its own: "i s + u = a".
    """
    letters = iter(LETTERS)
    texts, conditions, bound = [], [], set()
    for dim in dims:
        if dim.most == 1:
            texts.append(dim.text)
            bound |= set(dim.variables)
        else:
            letter = next(letters)
            texts.append(letter)
            conditions.append(f"{dim.text} = {letter}")
    return texts, conditions, bound


def _left(symbol: str, dims: tuple[Dim, ...]) -> str:
    return _subscripted(symbol, _bound(dims)[0])


def _derivative(rule: IndexRule, which: str) -> str:
    target = next(summand.only(which) for summand in rule.products if which in [c.name for c in summand.cells])
    return rf"\frac{{\partial L}}{{\partial {_left(target.symbol, target.dims)}}}"


def _sum(summand: Product, target: tuple[Dim, ...], cells: tuple[Cells, ...]) -> str:
    """Write Σ over the variables that ``target`` leaves open of the product of ``cells``."""
    _, conditions, bound = _bound(target)
    tied = {name for dim in target if dim.most > 1 for name in dim.variables}
    free = [name for name, size in summand.sizes.items() if name not in bound | tied and size > 1]
    under = ",".join(free) + (r",\;" if free and conditions else "") + r",\;".join(conditions)
    sigma = rf"\sum_{{{under}}} " if under else ""
    return sigma + r"\,".join(factor.latex for factor in cells)
