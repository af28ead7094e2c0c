"""What comments, docstrings and documents name exists: files, modules, tests, make targets, commands."""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source import nodes

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "tests" / "script" / "programs"  # as learners write them
FOLDERS = ("core", "pages", "static/js", "static/css", "tools", "tests", "benchmarks", "docs", "pretrained")
MADE = {"tests/browser/screenshots"}  # by a command; not in the repository
TOPS = "core|pages|static|tools|tests|benchmarks|docs|pretrained"
# A path of ours; "<...>", "*" and "{...}" stand for any name.
FILE = re.compile(rf"(?<![\w/.])((?:{TOPS})/[\w./*<>{{}}-]*\w\.(?:py|js|md|po|mo|toml|css|ts|pth))\b")
FOLDER = re.compile(rf"(?<![\w/.])((?:{TOPS})/[\w/]*\w)/?(?![\w./*<>{{}}-])")
MODULE = re.compile(r"(?<![\w./:])((?:core|pages|tools|benchmarks|tests)(?:\.(?!(?:py|js|md)\b)\w+)+)\b")
COMMAND = re.compile(r"python -m ([\w.]+)")
MAKE = re.compile(r"[`'\"]make ([a-z][a-z-]*)")
NPM = re.compile(r"npm run (?:--silent )?([a-z]+)")
TEST = re.compile(r"(?<![\w.])(test_\w{12,})\b")


def named_by_python(path: Path) -> Iterator[str]:
    """Comments and docstrings of a Python file."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in nodes(path):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node, clean=False) or ""


def named_by_script(path: Path) -> Iterator[str]:
    """Comments of a JavaScript or CSS file."""
    text = path.read_text(encoding="utf-8")
    yield from re.findall(r"^\s*//[^\n]*|^\s*/\*.*?\*/", text, re.MULTILINE | re.DOTALL)


@cache
def texts() -> list[tuple[str, str]]:
    """Every comment, docstring and document, with the file it stands in."""
    targets: list[tuple[str, str]] = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if PROGRAMS in path.parents or path == Path(__file__).resolve() or "node_modules" in path.parts:
                continue
            readers = {".py": named_by_python, ".js": named_by_script, ".css": named_by_script}
            if path.suffix in readers:
                targets += [(path.relative_to(ROOT).as_posix(), text) for text in readers[path.suffix](path)]
            elif path.suffix == ".md":
                targets.append((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
    for path in [
        *ROOT.glob("*.md"),
        ROOT / "app.py",
        ROOT / "serve.py",
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
    ]:
        reader = named_by_python(path) if path.suffix == ".py" else [path.read_text(encoding="utf-8")]
        targets += [(path.name, text) for text in reader]
    return targets


def named(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    """What matches in all texts, with its place; a change log tells what was."""
    return {(place, match) for place, text in texts() if place != "CHANGELOG.md" for match in pattern.findall(text)}


def missing_files() -> list[tuple[str, str]]:
    def exists(name: str) -> bool:
        return any(ROOT.glob(re.sub(r"<[^>]*>|\{[^}]*\}", "*", name)))

    return sorted(
        (place, name) for place, name in named(FILE) | named(FOLDER) if name not in MADE and not exists(name)
    )


def defines(file: Path, name: str) -> bool:
    """Return whether a module defines or imports ``name``."""
    definition = rf"^\s*(?:(?:async )?def|class) {name}\b|^{name}\b|^(?:from|import) .*\b{name}\b"
    return bool(re.search(definition, file.read_text(encoding="utf-8"), re.MULTILINE))


def is_module(name: str) -> bool:
    """Return whether ``name`` is a module of ours, or a name in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:end])
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if file.is_file():
            return end == len(parts) or defines(file, parts[end])
        if path.is_dir():
            return end == len(parts)
    return False


def test_every_file_that_is_named_exists() -> None:
    assert missing_files() == []


def test_every_module_that_is_named_exists() -> None:
    assert sorted((place, name) for place, name in named(MODULE) if not is_module(name)) == []


def test_every_command_that_is_named_runs_a_module() -> None:
    def runs(name: str) -> bool:
        if name.split(".")[0] not in TOPS.split("|"):
            return importlib.util.find_spec(name.split(".")[0]) is not None
        path = ROOT / name.replace(".", "/")
        return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()

    names = {(place, name.rstrip(".")) for place, name in named(COMMAND)}
    assert len(names) > 20
    assert sorted((place, name) for place, name in names if not runs(name)) == []


@pytest.mark.parametrize(
    ("pattern", "targets"),
    [
        (
            MAKE,
            re.compile(r"^([a-z][\w-]*):", re.MULTILINE).findall((ROOT / "Makefile").read_text(encoding="utf-8")),
        ),
        (NPM, re.findall(r'"(\w+)": "', (ROOT / "package.json").read_text(encoding="utf-8"))),
    ],
    ids=["make", "npm"],
)
def test_every_target_that_is_named_exists(pattern: re.Pattern[str], targets: list[str]) -> None:
    names = named(pattern)
    assert names
    assert sorted((place, name) for place, name in names if name not in targets) == []


def test_every_test_that_is_named_exists() -> None:
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if PROGRAMS not in path.parents]
    functions = {
        name for path in files for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    names = {(place, name) for place, name in named(TEST) if name not in {path.stem for path in files}}
    assert sorted((place, name) for place, name in names if name not in functions) == []


def test_what_does_not_exist_is_noticed() -> None:
    assert FILE.findall("see core/nothing/there.py.") == ["core/nothing/there.py"]
    assert FOLDER.findall("in `core/nothing`, and") == ["core/nothing"]
    assert MODULE.findall("`core.nothing.there`") == ["core.nothing.there"] and not is_module("core.nothing.there")
    assert not is_module("core.rng.no_such_name") and is_module("core.rng")
