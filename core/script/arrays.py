"""Lets a program that uses NumPy tell its array operations: sub-expressions give their values to the recorder.

NumPy has no hook as torch has one. The syntax tree is compiled with ``tell(number, value)`` around calls, operators
and attributes; places in the text stay as they are, so that tracebacks do not change. ``tell`` returns the value.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from core.script.program_record import TensorFacts
from core.script.shuffles import Shuffles
from core.script.source import Source, last_name
from core.script.variables import array_facts, is_array

TELL = "__stepwise_tell__"
SIGNS = {
    "Add": "add",
    "Sub": "subtract",
    "Mult": "multiply",
    "Div": "divide",
    "MatMult": "matmul",
    "Pow": "power",
    "Mod": "mod",
    "FloorDiv": "floor_divide",
    "USub": "negative",
    "Lt": "less",
    "Gt": "greater",
    "LtE": "less_equal",
    "GtE": "greater_equal",
    "Eq": "equal",
    "NotEq": "not_equal",
}


@dataclass(frozen=True)
class Expression:
    """A sub-expression: its name in NumPy, its place, and its parts as (their text, their number or -1)."""

    name: str
    line: int
    text: str
    parts: tuple[tuple[str, ast.expr, int], ...]


class Arrays:
    """The expressions of one program, and the recorder that hears of their values."""

    def __init__(self, source: Source, note: Callable[..., None], shuffles: Shuffles) -> None:
        self.source, self.note, self.shuffles = source, note, shuffles
        self.expressions: list[Expression] = []
        self._last: dict[int, TensorFacts] = {}

    def compiled(self, path: str) -> CodeType:
        """Compile the program; with ``tell`` where it imports NumPy, as it is where torch reads its code itself."""
        plain = compile(self.source.text, path, "exec", dont_inherit=True)
        if _is_read_by_torch(self.source.tree):
            return plain
        try:
            tree = ast.parse(self.source.text)
            if _imports_numpy(tree):
                tree = _InsertTell(self).visit(tree)
            tree = self.shuffles.changed(tree)
            return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
        except (RecursionError, ValueError, TypeError):
            return plain

    def tell(self, number: int, value: Any) -> Any:
        """Note an expression whose value is an array of NumPy."""
        self._last.pop(number, None)
        if is_array(value) and value.dtype.kind in "biufc":
            frame = sys._getframe(1)
            expression = self.expressions[number]

            def describe() -> tuple[tuple[TensorFacts, ...], tuple[TensorFacts, ...]]:
                output = array_facts("", value)
                self._last[number] = array_facts(expression.text, value)
                return self._inputs(expression, frame), (output,)

            self.note(f"numpy.{expression.name}", expression.line, expression.text, (number, -1), describe)
        return value

    def _inputs(self, expression: Expression, frame: FrameType) -> tuple[TensorFacts, ...]:
        inputs = []
        for name, node, number in expression.parts:
            if number in self._last:
                inputs.append(self._last.pop(number))
            else:
                value = _value(node, frame)
                if is_array(value):
                    inputs.append(array_facts(name, value))
        return tuple(inputs)


def _value(node: ast.expr, frame: FrameType) -> Any:
    """Return a variable, or an attribute that lies in an object's own table; nothing is called for that."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id))
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, frame)
        return getattr(owner, "__dict__", {}).get(node.attr) if type(owner).__module__ == "__main__" else None
    return None


def _is_read_by_torch(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("script", "fx", "trace") for node in ast.walk(tree)
    )


def _imports_numpy(tree: ast.AST) -> bool:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return "numpy" in names


class _InsertTell(ast.NodeTransformer):
    """Puts ``tell`` around expressions, the inner ones first."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.numbers: dict[tuple[int, ...], int] = {}  # of the expressions, by their places

    def _around(self, node: ast.expr, name: str, parts: list[ast.expr]) -> ast.expr:
        source = self.arrays.source
        text = source.segment(node)
        labels = [source.segment(part) for part in parts]
        changed = self.generic_visit(node)
        assert isinstance(changed, ast.expr)
        numbered = tuple(
            (label, part, self.numbers.get(_place(part), -1)) for label, part in zip(labels, parts, strict=True)
        )
        number = len(self.arrays.expressions)
        self.arrays.expressions.append(Expression(name, node.lineno, text, numbered))
        self.numbers[_place(node)] = number
        call = ast.Call(ast.Name(TELL, ast.Load()), [ast.Constant(number), changed], [])
        for new_node in (call, call.func, call.args[0]):
            ast.copy_location(new_node, node)
        return call

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``np.dot(a, b)`` and ``a.dot(b)``; ``super()`` and ``locals()`` look at their own frame and stay."""
        if isinstance(node.func, ast.Name) and node.func.id in ("super", "locals", "vars", "dir", "exec", "eval"):
            return self.generic_visit(node)
        owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        arguments = [*node.args, *(one.value for one in node.keywords)]
        return self._around(node, last_name(node.func) or "call", [*owner, *arguments])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """``a @ b``."""
        return self._around(node, SIGNS.get(type(node.op).__name__, "operator"), [node.left, node.right])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """``-a``."""
        return self._around(node, SIGNS.get(type(node.op).__name__, "operator"), [node.operand])

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """``a > 0``."""
        if len(node.ops) > 1:
            return self.generic_visit(node)
        return self._around(node, SIGNS.get(type(node.ops[0]).__name__, "compare"), [node.left, *node.comparators])

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """``a.T``."""
        if isinstance(node.ctx, ast.Load) and node.attr == "T":
            return self._around(node, "transpose", [node.value])
        return self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """``a[1:]``."""
        if isinstance(node.ctx, ast.Load) and not isinstance(node.value, ast.Name | ast.Attribute):
            return self.generic_visit(node)
        loads = isinstance(node.ctx, ast.Load)
        return self._around(node, "getitem", [node.value]) if loads else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """Leave annotations as they are."""
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Change the body; decorators, annotations and defaults are evaluated once and stay."""
        node.body = [self.visit(one) for one in node.body]
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Leave texts: what they show is printed."""
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        """Leave patterns."""
        return node


def _place(node: ast.expr) -> tuple[int, ...]:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
