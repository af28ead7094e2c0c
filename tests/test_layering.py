"""Imports point one way: app -> pages -> pages/parts -> pages/shared -> core."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STANDARD_ONLY = (
    "core/sizes.py",
    "core/i18n.py",
    "core/file_kind.py",
    "core/training/config.py",
    "core/training/events.py",
)
BROWSER = {"streamlit", "pages", "streamlit_drawable_canvas"}


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
    found = sorted(ROOT.glob(pattern))
    assert found, pattern
    return found


def test_core_knows_nothing_of_the_browser() -> None:
    wrong = {str(path): imported(path) & BROWSER for path in files("core/**/*.py")}
    tops = {path: {name.split(".")[0] for name in imported(Path(path))} & BROWSER for path in wrong}
    assert not {path: names for path, names in tops.items() if names}


@pytest.mark.parametrize("name", STANDARD_ONLY)
def test_facts_need_only_the_standard_library(name: str) -> None:
    outside = {
        module
        for module in imported(ROOT / name)
        if module.split(".")[0] not in sys.stdlib_module_names | {"core", "__future__"}
    }
    inside = {module for module in imported(ROOT / name) if module.startswith("core.")}
    allowed = {"core.errors", "core.errors.N_", "core.errors.Refusal", "core.errors.Phrase", "core.errors.brief"}
    assert not outside
    assert inside <= allowed, inside - allowed


def test_what_pages_share_does_not_know_the_pages() -> None:
    for path in files("pages/shared/**/*.py"):
        pages = {name for name in imported(path) if name.startswith("pages.") and name != "pages.shared"}
        assert all(name.startswith("pages.shared") for name in pages), (path, pages)


def test_parts_of_a_lesson_know_only_their_lesson_and_what_is_shared() -> None:
    for path in sorted(ROOT.glob("pages/parts/*/**/*.py")):
        lesson = path.relative_to(ROOT / "pages" / "parts").parts[0]
        for name in imported(path):
            if name.startswith("pages.parts."):
                assert name.split(".")[2] == lesson, (path, name)
            elif name.startswith("pages."):
                assert name.startswith("pages.shared"), (path, name)


def test_figures_do_not_know_the_loop() -> None:
    for path in files("core/figures/*.py"):
        assert not {name for name in imported(path) if name.startswith("core.training.loop")}, path
