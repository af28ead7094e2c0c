"""What imports less than its package: facts, and figures. The contracts are in pyproject.toml (`lint-imports`)."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.source import nodes

ROOT = Path(__file__).resolve().parent.parent
STANDARD_ONLY = (  # and each other
    "core/windows/axis.py",
    "core/windows/sizes.py",
    "core/i18n.py",
    "core/settings.py",
    "core/file_kind.py",
    "core/training/config.py",
    "core/training/events.py",
)


def imported(path: Path) -> set[str]:
    """Every module that ``path`` imports, anywhere in it, with its full dotted name."""
    names: set[str] = set()
    for node in nodes(path):
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
    facts = tuple(each.removesuffix(".py").replace("/", ".") for each in STANDARD_ONLY)
    allowed = {module for module in inside if module.startswith(facts)} | {
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


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("import_in_b", "status"),
    [("", 0), ("def use():\n    from core.a import x\n", 1), ("if TYPE_CHECKING:\n    from core.a import x\n", 1)],
)
def test_an_import_inside_of_a_function_counts_in_the_contracts(
    tmp_path: Path, import_in_b: str, status: int
) -> None:
    """What ``lint-imports`` makes of two packages, by our own contract that no two import each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (each for each in contracts if each["type"] == "acyclic_siblings")
    settings = [f"{name} = {value!r}" for name, value in contract.items()]
    config = ["[tool.importlinter]", "root_package = 'core'", "[[tool.importlinter.contracts]]", *settings]
    (tmp_path / "pyproject.toml").write_text("\n".join(config), encoding="utf-8")
    for name, text in {
        "a": "from core.b import y\nx = 1\n",
        "b": f"from typing import TYPE_CHECKING\ny = 1\n{import_in_b}",
    }.items():
        (tmp_path / "core" / name).mkdir(parents=True)
        (tmp_path / "core" / name / "__init__.py").write_text(text, encoding="utf-8")
    (tmp_path / "core" / "__init__.py").touch()
    tool = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [tool, "--no-cache"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == status, result.stdout


def test_pages_and_the_live_channel_pass_values_with_types() -> None:
    """What may hold anything: modules that load themselves, what a canvas reports, options of a widget."""
    paths = [path for pattern in ("core/live/**/*.py", "pages/**/*.py") for path in files(pattern)]
    assert len(paths) > 150
    holds_anything = {
        path.relative_to(ROOT).as_posix() for path in paths if "dict[str, Any]" in path.read_text("utf-8")
    }
    assert holds_anything == {"core/live/work.py", "pages/shared/canvas.py", "pages/shared/widgets.py"}
