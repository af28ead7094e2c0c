"""Python files as syntax trees: several tests read every file of the project, and each file is parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from core import garbage


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file; nobody changes it."""
    with garbage.uncollected():  # half of the time would be spent in looking at trees that stay
        return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a file, in the order of ``ast.walk``."""
    return tuple(ast.walk(tree(path)))


def nodes_of(text: str) -> tuple[ast.AST, ...]:
    """Return all nodes of a program."""
    return tuple(ast.walk(ast.parse(text)))
