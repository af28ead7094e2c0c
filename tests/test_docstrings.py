"""What is public has a docstring of its own; only ``forward`` of a module needs none, which torch describes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import tree

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "pages", "tools", "benchmarks")
PROGRAMS = ("programs", "ways")  # folders of programs that are shown to be read, and run in an editor


def is_documented(node: ast.AST) -> bool:
    """Return whether a node has a docstring; one with quotes that a wrap left in it does not count."""
    assert isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    text = ast.get_docstring(node) or ""
    return bool(text) and text.count('"') % 2 == 0 and not any(line.startswith('" ') for line in text.splitlines())


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Yield each public name without a docstring, with its line; functions within functions are nobody else's."""
    if tree.body and not is_documented(tree):
        yield "1: the module"
    for node in tree.body:
        yield from _without(node)


def _without(node: ast.stmt, owner: ast.ClassDef | None = None) -> Iterator[str]:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
        return
    is_forward = owner is not None and bool(owner.bases) and node.name == "forward"
    if not is_forward and not is_documented(node):
        yield f"{node.lineno}: {node.name}"
    if isinstance(node, ast.ClassDef):
        for part in node.body:
            yield from _without(part, node)


def test_what_is_public_has_a_docstring() -> None:
    files = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    files = [path for path in files if path.parent.name not in PROGRAMS and "programs" not in path.parts]
    assert len(files) > 400
    places = {
        path.relative_to(ROOT).as_posix(): names for path in files if (names := list(undocumented(tree(path))))
    }
    assert places == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("x = 1", ["1: the module"]),
        ('"""M."""\ndef f(): return 1', ["2: f"]),
        ('"""M."""\ndef f():\n "F."\n def g(): return 1', []),
        ('"""M."""\ndef _f(): return 1', []),
        ('"""M."""\nclass C:\n def f(self): return 1', ["2: C", "3: f"]),
        ('"""M."""\nclass C(Module):\n "C."\n def forward(self, x): return x', []),
        ('"""M."""\nclass C:\n "C."\n def forward(self, x): return x', ["4: forward"]),
        ('"""M."""\nclass C:\n "C."\n async def f(self): return 1', ["4: f"]),
        ('"""M."""\nclass _C:\n def f(self): return 1', []),
        ('"""One sentence,"\n" wrapped as code is."""', ["1: the module"]),
    ],
)
def test_what_has_no_docstring_is_found(text: str, names: list[str]) -> None:
    assert list(undocumented(ast.parse(text))) == names
