"""Which names a line of the program may change: assignments, loops, ``with``, and changes in place."""

from __future__ import annotations

import ast
from collections import defaultdict

CHANGING = ("append", "extend", "insert", "pop", "update", "add", "remove", "clear", "sort", "reverse", "fill")


def names_by_line(tree: ast.AST) -> dict[int, tuple[str, ...]]:
    """Return, for each line, the names that it stores or changes: ``w[0] = 1`` and ``w += 1`` too."""
    by_line: dict[int, dict[str, None]] = defaultdict(dict)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            by_line[node.lineno][node.id] = None
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            _note(by_line, node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in CHANGING or node.func.attr.endswith("_"):
                _note(by_line, node.func)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            by_line[node.lineno][node.name] = None
    _whole_statements(tree, by_line)
    return {line: tuple(names) for line, names in by_line.items()}


def _note(by_line: dict[int, dict[str, None]], node: ast.expr) -> None:
    owner = node
    while isinstance(owner, ast.Subscript | ast.Attribute):
        owner = owner.value
    if isinstance(owner, ast.Name):
        by_line[node.lineno][owner.id] = None


def _whole_statements(tree: ast.AST, by_line: dict[int, dict[str, None]]) -> None:
    """Let every line of a statement that goes over several lines know its names: the last one that ran is asked."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr) and node.end_lineno:
            names: dict[str, None] = {}
            for line in range(node.lineno, node.end_lineno + 1):
                names |= by_line.get(line, {})
            if names:
                for line in range(node.lineno, node.end_lineno + 1):
                    by_line[line] |= names


def loop_names(tree: ast.AST) -> frozenset[str]:
    """Return the names that a ``for`` counts with: their curves say nothing."""
    return frozenset(
        part.id
        for node in ast.walk(tree)
        if isinstance(node, ast.For | ast.AsyncFor)
        for part in ast.walk(node.target)
        if isinstance(part, ast.Name)
    )
