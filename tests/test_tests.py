"""How the tests are written: they pause for no fixed time in the browser, and use no private name of any module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import sort_longest_file_first
from tests.source import tree

TESTS = Path(__file__).parent
PAUSES = ("sleep", "wait_for_timeout")
IN_THE_PAGE = re.compile(r"setTimeout\([^;]*,\s*(?:[1-9]|\w*ms\b)")  # with a length
PRIVATE = re.compile(r"_[a-z]\w*")
BY_NAME = ("setattr", "getattr", "delattr", "hasattr")


def pauses(tree: ast.AST) -> Iterator[str]:
    """Yield each pause of a fixed length, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in PAUSES:
                yield f"{node.lineno}: {name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_THE_PAGE.search(node.value):
            yield f"{node.lineno}: setTimeout"


def private_names(tree: ast.AST) -> Iterator[str]:
    """Yield each private name that is imported or asked for by its name; ruff finds ``module._name`` (SLF001)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = [*(each.name for each in node.names), getattr(node, "module", None) or ""]
            parts = [part for name in named for part in name.split(".")]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in BY_NAME:
            parts = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
            parts = [part for name in parts if isinstance(name, str) for part in name.split(".")]
        else:
            continue
        yield from (f"{node.lineno}: {name}" for name in parts if PRIVATE.fullmatch(name))


@pytest.mark.parametrize("path", sorted((TESTS / "browser").glob("*.py")), ids=lambda path: path.stem)
def test_a_browser_test_pauses_for_no_fixed_time(path: Path) -> None:
    assert list(pauses(tree(path))) == []


def test_no_test_uses_a_private_name() -> None:
    programs = TESTS / "script" / "programs"  # as learners write them
    files = [path for path in sorted(TESTS.rglob("*.py")) if programs not in path.parents]
    assert len(files) > 100
    assert {path.name: names for path in files if (names := list(private_names(tree(path))))} == {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("page.wait_for_timeout(300)", ["1: wait_for_timeout"]),
        ("import time\ntime.sleep(1)", ["2: sleep"]),
        ("from time import sleep\nsleep(0.1)", ["2: sleep"]),
        ("page.evaluate('() => new Promise((done) => setTimeout(done, 200))')", ["1: setTimeout"]),
        ("page.evaluate('(done) => setTimeout(done)')", []),
        ("page.wait_for_url('**a=1*')", []),
    ],
)
def test_a_pause_is_found(text: str, lines: list[str]) -> None:
    assert list(pauses(ast.parse(text))) == lines


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from core.trace import _private", ["1: _private"]),
        ("import torch._dynamo", ["1: _dynamo"]),
        ("monkeypatch.setattr(module, '_name', 1)", ["1: _name"]),
        ("monkeypatch.setattr('core.rng._draw', 1)", ["1: _draw"]),
        ("from pages.shared.language import _", []),
        ("from __future__ import annotations\nmodule.__name__", []),
    ],
)
def test_a_private_name_is_found(text: str, names: list[str]) -> None:
    assert list(private_names(ast.parse(text))) == names


def test_the_file_that_takes_longest_comes_first_and_stays_together() -> None:
    def test(file: str, *marks: str) -> SimpleNamespace:
        return SimpleNamespace(path=Path(file), iter_markers=lambda: [SimpleNamespace(name=name) for name in marks])

    short = [test("a.py", "parametrize"), test("b.py", "heavy"), test("a.py")]
    long = [test("d.py", "heavy", "long"), test("c.py", "browser"), test("d.py")]
    items: list = short + long
    sort_longest_file_first(items)
    assert [item.path.name for item in items] == ["d.py", "d.py", "c.py", "b.py", "a.py", "a.py"]
    assert items[0] is long[0] and items[1] is long[2]


def test_workers_take_the_files_in_that_order(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.getoption("loadscopereorder") is False


def test_no_test_imports_from_another_one() -> None:
    paths = sorted(TESTS.rglob("test_*.py"))
    assert len(paths) > 100
    for path in paths:
        modules = set(re.findall(r"^from (\S+) import", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert not [name for name in modules if name.rpartition(".")[2].startswith("test_")], path
