"""What imports less than its package: facts, and figures. The contracts are in pyproject.toml (`lint-imports`)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STANDARD_ONLY = (
    "core/windows/sizes.py",
    "core/i18n.py",
    "core/file_kind.py",
    "core/training/config.py",
    "core/training/events.py",
)


def imported(path: Path) -> set[str]:
    """Every module that ``path`` imports, anywhere in it, with its full dotted name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files(pattern: str) -> list[Path]:
    paths = sorted(ROOT.glob(pattern))
    assert paths, pattern
    return paths


@pytest.mark.parametrize("name", STANDARD_ONLY)
def test_facts_need_only_the_standard_library(name: str) -> None:
    outside = {
        module
        for module in imported(ROOT / name)
        if module.split(".")[0] not in sys.stdlib_module_names | {"core", "__future__"}
    }
    inside = {module for module in imported(ROOT / name) if module.startswith("core.")}
    allowed = {
        "core.errors",
        "core.errors.N_",
        "core.errors.InvalidSetting",
        "core.errors.Phrase",
        "core.errors.brief",
        "core.errors.fill",
    }
    assert not outside
    assert inside <= allowed, inside - allowed


def test_figures_do_not_know_the_loop() -> None:
    for path in files("core/figures/*.py"):
        assert not {name for name in imported(path) if name.startswith("core.training.loop")}, path


def ancestors(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def waits_for(module: str, path: Path, paths: Mapping[str, Path]) -> set[str]:
    """Return the modules whose import lock ``module`` takes while it is imported itself.

    A package above ``module`` is in ``sys.modules`` by then and is not waited for. ``from package import name``
    asks for that package itself and waits until its ``__init__`` has run; so does ``import package.module as m``,
    which reads ``module`` from the package; ``from package.module import name`` does not.
    """
    modules: set[str] = set()
    above = ancestors(module)
    waiting = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue  # runs later
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        waiting += ast.iter_child_nodes(node)
        names: set[str] = set()
        if isinstance(node, ast.Import):
            names = {alias.name for alias in node.names}
            modules |= {package for alias in node.names if alias.asname for package in ancestors(alias.name)}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names} - above
            modules.add(node.module)
        modules |= names | {package for name in names for package in ancestors(name) - above}
    return (modules & paths.keys()) - {module}


def test_two_threads_can_import_at_once() -> None:
    """Python breaks a deadlock of import locks by handing out a module that is not ready: an ImportError on a page.

    In a package whose ``__init__`` imports its modules, these write ``from package.module import name``.
    """
    modules = {}
    for path in [*files("core/**/*.py"), *files("pages/**/*.py")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    order = TopologicalSorter({module: waits_for(module, path, modules) for module, path in modules.items()})
    order.prepare()  # CycleError names the modules that wait for each other
