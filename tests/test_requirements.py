"""requirements.txt names every package that the app imports, and no other."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.heavy

OPTIONAL = ("requirements-cluster.txt", "requirements-search.txt")  # the app does without them
ROOT = Path(__file__).resolve().parent.parent
APP = ("app.py", "serve.py", "core/**/*.py", "pages/**/*.py")
DEVELOPMENT = ("tests/**/*.py", "tools/**/*.py", "benchmarks/**/*.py")
# What readers bring runs where a package is missing, too.
PROGRAMS = (ROOT / "tests" / "script" / "programs", ROOT / "core" / "script" / "library" / "programs")
READ = {"scikit-learn"}  # a file of it, without an import: core/datasets.py
OURS = {"app", "serve", "core", "pages", "tests", "tools", "benchmarks"}
DISTRIBUTIONS = packages_distributions()


def imported(patterns: tuple[str, ...], optional: bool) -> dict[str, Path]:
    """Return the packages that files import, each with one of the files; ``optional``: those one can do without."""
    by_name: dict[str, Path] = {}
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        if any(path.is_relative_to(folder) for folder in PROGRAMS):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        may_fail = {name for tried in ast.walk(tree) if isinstance(tried, ast.Try) for name in caught(tried)}
        for name in names(tree):
            if name not in sys.stdlib_module_names | OURS and (name in may_fail) == optional:
                by_name[DISTRIBUTIONS.get(name, [name])[0].lower().replace("_", "-")] = path.relative_to(ROOT)
    return by_name


def caught(tried: ast.Try) -> Iterator[str]:
    """Yield what a ``try`` imports when it says what happens without."""
    if any(isinstance(each.type, ast.Name) and each.type.id == "ImportError" for each in tried.handlers):
        for statement in tried.body:
            yield from names(statement)


def names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def required(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {match[0].lower() for line in lines if (match := re.match(r"[A-Za-z0-9][\w.-]*", line))}


def test_what_the_app_imports_is_required_and_nothing_else() -> None:
    needed = imported(APP, optional=False)
    requirements = required("requirements.txt")
    optional = set().union(*map(required, OPTIONAL))
    assert not {n: str(path) for n, path in needed.items() if n not in requirements | optional}
    assert requirements - needed.keys() == READ


def test_what_tests_and_tools_import_is_required_for_development() -> None:
    needed = imported(DEVELOPMENT, optional=False) | imported(APP, optional=True)
    requirements = set().union(*map(required, ("requirements.txt", "requirements-dev.txt", *OPTIONAL)))
    assert not {name: str(path) for name, path in needed.items() if name not in requirements}


def test_every_range_has_two_ends() -> None:
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        assert not line or line.startswith("#") or re.fullmatch(r"[\w.-]+>=[\d.]+,<[\d.]+", line), line


def test_a_release_within_its_range_is_pinned_for_each_package() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {name.lower(): version for name, _, version in (line.partition("==") for line in lines[1:])}
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                requirement = Requirement(line)
                assert requirement.specifier.contains(pinned[requirement.name.lower()]), line
