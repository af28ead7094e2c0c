"""The program's text: the expression behind an instruction, definitions of layers, and lines with one change."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import CodeType

from core.trace.source import span_of


def rows(text: str) -> list[str]:
    """Return the lines as Python counts them: a form feed or U+2028, unlike in ``splitlines``, ends none."""
    lines = re.split(r"\r\n?|\n", text)
    return lines if lines[-1] else lines[:-1]


@dataclass(frozen=True)
class Source:
    """A program's file and its text."""

    path: str
    text: str

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read a file in the encoding that it declares; what cannot be decoded is replaced."""
        content = path.read_bytes()
        try:
            encoding, _lines = tokenize.detect_encoding(io.BytesIO(content).readline)
        except SyntaxError:
            encoding = "utf-8"
        return cls(str(path), content.decode(encoding, errors="replace"))

    @cached_property
    def lines(self) -> list[str]:
        """Return its lines, the first one at 0."""
        return rows(self.text)

    @cached_property
    def tree(self) -> ast.Module:
        """Return its syntax tree; an empty one where it has a syntax error."""
        try:
            return ast.parse(self.text)
        except (SyntaxError, ValueError):
            return ast.Module([], [])

    def line(self, number: int) -> str:
        """Return a line without its indentation; numbers start at 1."""
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""

    def expression(self, code: CodeType, instruction: int) -> tuple[int, str]:
        """Return the line and the text of what is evaluated at an instruction of ``code``."""
        place = span_of(code, instruction)
        if place is None:
            return code.co_firstlineno, ""
        rows = self.lines[place.line - 1 : place.end_line]
        if not rows:
            return place.line, ""
        coded = [row.encode() for row in rows]
        coded[-1] = coded[-1][: place.end_column]
        coded[0] = coded[0][place.column :]
        text = b"\n".join(coded).decode(errors="replace")
        return place.line, self._of_loop(place.line) if text.startswith(("for ", "async for ")) else text

    def _of_loop(self, line: int) -> str:
        """Return what a loop goes over: Python gives the whole loop as the place where the next item is fetched."""
        loops = [
            node for node in ast.walk(self.tree) if isinstance(node, ast.For | ast.AsyncFor) and node.lineno == line
        ]
        return self.segment(loops[0].iter) if loops else self.line(line)

    def calls(self, *names: str) -> list[ast.Call]:
        """Return the calls of functions whose last name is one of ``names``, in the order of the text."""
        nodes = [
            node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and last_name(node.func) in names
        ]
        return sorted(nodes, key=lambda call: (call.lineno, call.col_offset))

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return ast.get_source_segment(self.text, node) or ""

    def operand(self, node: ast.expr) -> str:
        """Return the text of a node after which ``.method()`` can be written: ``(x - 1)``."""
        text = self.segment(node)
        return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"({text})"

    def with_change(self, node: ast.expr, text: str) -> str:
        """Return the first line of ``node`` with the node replaced by ``text``."""
        row = self.lines[node.lineno - 1].encode()
        end = node.end_col_offset if node.end_lineno == node.lineno else len(row)
        return (row[: node.col_offset] + text.encode() + row[end:]).decode().strip()


def in_place(source: Source, name: str, value: ast.expr) -> str | None:
    """Return ``p -= lr * p.grad`` for the value ``p - lr * p.grad`` of ``p``; None for another value."""
    match value:
        case ast.BinOp(op=ast.Sub() | ast.Add() as sign, left=ast.Name(id=first), right=right) if first == name:
            return f"{name} {'-' if isinstance(sign, ast.Sub) else '+'}= {source.segment(right)}"
    return None


def last_name(node: ast.AST) -> str:
    """Return "Linear" of ``nn.Linear`` and of ``Linear``; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def number(node: ast.AST) -> int | None:
    """Return the value of a constant product such as ``16 * 5 * 5``; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Add):
        left, right = number(node.left), number(node.right)
        if left is not None and right is not None:
            return left * right if isinstance(node.op, ast.Mult) else left + right
    return None


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return an argument of a call by its position or its name."""
    if position < len(call.args):
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
