"""Follows how lists and arrays are shuffled, so that inputs and labels in two different orders are found.

``x.shuffle`` is asked for its generator before it runs: a copy of it gives the order of the rows. So that every
generator of Python and NumPy is seen, calls of functions with these names go through ``follow`` and indices through
``index``; places in the text stay as they are.
"""

from __future__ import annotations

import ast
import copy
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from torch import Tensor

from core.script.kinds import is_a
from core.script.source import Source, last_name
from core.script.variables import is_array

FOLLOW, INDEX = "__stepwise_follow__", "__stepwise_index__"
MOST = 20  # lists and arrays of a program that are followed
LONGEST = 200_000  # rows


@dataclass(frozen=True)
class Apart:
    """Inputs and labels in two orders: the last line that shuffled one, how many rows of all keep their label.

    ``only`` is the name of the one that was shuffled, where the other one was not.
    """

    line: int
    inputs: str
    labels: str
    same: int
    count: int
    only: str = ""


@dataclass(eq=False)
class _Rows:
    """A list or an array of rows, and where each row stood at first."""

    name: str
    rows: Any
    order: Any
    line: int


class Shuffles:
    """The shuffles of one program, while it runs."""

    def __init__(self, source: Source, careful: Callable[[], AbstractContextManager[None]]) -> None:
        """``careful`` gives what our own look at the program's objects runs in."""
        self.source, self.careful = source, careful
        self._rows: dict[int, _Rows] = {}
        self._pairs: dict[tuple[int, int], tuple[_Rows, _Rows]] = {}
        self._orders: list[Any] = []  # what ``permutation`` gave; alive, so that each can be told from others
        self._last: _Rows | None = None  # by an index, last

    def changed(self, tree: ast.Module) -> ast.Module:
        """Return the program with its shuffles followed; as it is where there are none."""
        names = {last_name(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if not names & {"shuffle", "permutation"}:
            return tree
        changed = _InsertFollow("permutation" in names).visit(tree)
        assert isinstance(changed, ast.Module)
        return ast.fix_missing_locations(changed)

    def follow(self, function: Callable[..., Any], text: str) -> Callable[..., Any]:
        """Return ``function``, or one that also notes what it shuffles."""
        owner = getattr(function, "__self__", None) if _is_bound(function) else None
        if not _is_generator(owner):
            return function
        frame = sys._getframe(1)

        def shuffle(*args: Any, **options: Any) -> Any:
            rows, before = (args[0] if args else options.get("x")), copy.deepcopy(owner)
            result = function(*args, **options)
            with self.careful():
                if is_array(result):
                    self._orders = [*self._orders[-MOST:], result]
                elif result is None and not options.get("axis") and is_rows(rows):
                    self._note(text, rows, before, frame)
            return result

        return shuffle

    def index(self, name: str, index: Any) -> Any:
        """Return ``index``, and note rows that are taken in an order that ``permutation`` gave."""
        if any(one is index for one in self._orders):
            frame = sys._getframe(1)
            with self.careful():
                self._take(name, frame.f_locals.get(name, frame.f_globals.get(name)), index, frame.f_lineno)
        return index

    def _take(self, name: str, rows: Any, order: Any, line: int) -> None:
        if not is_rows(rows) or len(rows) != len(order):
            return
        before, self._last = self._last, _Rows(name, rows, order, line)
        if before is None or before.rows is rows or before.order is order or len(before.rows) != len(rows):
            return
        both = _inputs_and_labels(replace(before, line=line), self._last)
        if both is not None and (before.order != order).any():
            self._pairs[id(before.order), id(order)] = both

    def apart(self) -> Iterator[Apart]:
        """Give inputs and labels that ended in two orders."""
        comparisons = [self._compared(inputs, labels) for inputs, labels in self._pairs.values()]
        together = {id(rows) for apart, *both in comparisons if apart.same == apart.count for rows in both}
        for apart, inputs, labels in comparisons:
            one = labels if apart.only == apart.labels else inputs
            partners = sum(
                one in both for _apart, *both in comparisons
            )  # of several nobody knows which belongs to it
            is_meant = not apart.only or partners == 1
            is_used = self._is_used(apart.inputs, apart.line) and self._is_used(apart.labels, apart.line)
            if is_meant and is_used and not together & {id(inputs), id(labels)}:
                yield apart

    def _compared(self, inputs: _Rows, labels: _Rows) -> tuple[Apart, _Rows, _Rows]:
        same = sum(int(a == b) for a, b in zip(inputs.order, labels.order, strict=True))
        only = labels.name if not inputs.line else inputs.name if not labels.line else ""
        line = max(inputs.line, labels.line)
        return Apart(line, inputs.name, labels.name, same, len(inputs.order), only), inputs, labels

    def _note(self, name: str, rows: Any, generator: Any, frame: FrameType) -> None:
        if id(rows) not in self._rows and len(self._rows) >= MOST:
            return
        order = list(range(len(rows)))
        generator.shuffle(order)
        entry = self._rows.setdefault(id(rows), _Rows(name, rows, list(range(len(rows))), 0))
        entry.order, entry.line = [entry.order[i] for i in order], frame.f_lineno
        for other, value in {**frame.f_globals, **frame.f_locals}.items():
            if value is not rows and is_rows(value) and len(value) == len(rows):
                second = self._rows.get(id(value)) or _Rows(other, value, list(range(len(rows))), 0)
                both = _inputs_and_labels(entry, second)
                if both is not None:
                    self._rows[id(value)] = second
                    self._pairs[id(both[0].rows), id(both[1].rows)] = both

    def _is_used(self, name: str, line: int) -> bool:
        """Return whether a variable is read after a line, and not set again."""
        after = [
            node
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.Name) and node.id == name and node.lineno > line
        ]
        return any(isinstance(node.ctx, ast.Load) for node in after) and all(
            isinstance(node.ctx, ast.Load) or _sets_of_itself(self.source.tree, node) for node in after
        )


class _InsertFollow(ast.NodeTransformer):
    """Puts ``follow`` around functions that shuffle, and ``index`` around indices."""

    def __init__(self, with_indices: bool) -> None:
        self.with_indices = with_indices

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``random.shuffle(x)``, ``rng.permutation(n)``."""
        self.generic_visit(node)
        if last_name(node.func) in ("shuffle", "permutation"):
            text = node.args[0].id if node.args and isinstance(node.args[0], ast.Name) else ""
            node.func = _call(FOLLOW, node.func, node.func, ast.Constant(text))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """``x[order]``."""
        self.generic_visit(node)
        plain = isinstance(node.slice, ast.Name | ast.Call) and isinstance(node.value, ast.Name)
        if self.with_indices and plain and isinstance(node.ctx, ast.Load):
            node.slice = _call(INDEX, node.slice, ast.Constant(getattr(node.value, "id", "")), node.slice)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Leave annotations as they are."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Leave texts."""
        return node


def _call(name: str, place: ast.expr, *args: ast.expr) -> ast.Call:
    call = ast.Call(ast.Name(name, ast.Load()), list(args), [])
    for part in (call, call.func, *args):
        ast.copy_location(part, place)
    return call


def _is_bound(function: Any) -> bool:
    return type(function).__name__ in ("method", "builtin_function_or_method", "cython_function_or_method")


def _is_generator(owner: Any) -> bool:
    """Return whether ``owner`` is a generator of Python or NumPy itself, and no class of the program."""
    numpy = sys.modules.get("numpy")
    kinds = (random.Random, *((numpy.random.RandomState, numpy.random.Generator) if numpy is not None else ()))
    return type(owner) in kinds


def is_rows(value: Any) -> bool:
    """Return whether ``value`` is a list, an array or a tensor of more than two rows."""
    return _kind_of(value) is not None and 2 < len(value) <= LONGEST


def _kind_of(value: Any) -> str | None:
    """Return "list", "array" or "tensor" for what has rows; None for anything else."""
    if type(value) is list:
        return "list"
    if is_array(value):
        return "array" if value.ndim else None
    return "tensor" if is_a(value, Tensor) and type(value) is Tensor and value.dim() else None


def is_labels(rows: Any) -> bool:
    """Return whether these are whole numbers, many of them more than once: an index has each of them once."""
    if _kind_of(rows) == "list":
        values = rows if all(type(one) in (int, bool) for one in rows) else []
    else:
        whole = rows.dtype.kind in "iub" if _kind_of(rows) == "array" else not rows.is_floating_point()
        values = rows.tolist() if whole and rows.ndim == 1 else []
    return 0 < len(set(values)) <= len(rows) // 2


def _is_inputs(rows: Any) -> bool:
    """Return whether these are numbers, texts or arrays, and no pairs of an input with its label."""
    if _kind_of(rows) != "list":
        return bool(
            rows.ndim > 1 or (rows.dtype.kind == "f" if _kind_of(rows) == "array" else rows.is_floating_point())
        )
    kinds = {_row_kind(one) for one in rows[:50]}
    return len(kinds) == 1 and None not in kinds


def _row_kind(row: Any) -> str | None:
    if type(row) in (list, tuple):
        return "row" if row and all(type(one) in (int, float) for one in row) else None
    return type(row).__name__ if type(row) in (str, float) or _kind_of(row) in ("array", "tensor") else None


def _inputs_and_labels(one: _Rows, other: _Rows) -> tuple[_Rows, _Rows] | None:
    for inputs, labels in ((one, other), (other, one)):
        if is_labels(labels.rows) and not is_labels(inputs.rows) and _is_inputs(inputs.rows):
            return inputs, labels
    return None


def _sets_of_itself(tree: ast.AST, target: ast.Name) -> bool:
    """Return whether ``x = f(x)`` sets this name: the rows stay in their order."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(part is target for part in ast.walk(node)):
            return any(
                isinstance(part, ast.Name) and part.id == target.id and isinstance(part.ctx, ast.Load)
                for part in ast.walk(node.value)
            )
    return False
