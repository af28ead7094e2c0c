"""Small programs, broken, repaired and healthy: the cause or the finding and its line, or nothing."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path

import pytest

from core.script.causes import CAUSES, WATCHES
from core.script.causes.silent_training import TorchWarnings
from core.script.library import FOLDER, broken_files, entries
from core.script.library.outcome import LIMITS
from core.script.library.outcome import limits as limits_of
from core.script.program_record import Record
from core.script.run import Runner

PROGRAMS = Path(__file__).parent / "programs"
BROKEN = broken_files()
REPAIRED = sorted((FOLDER / "repaired").glob("*.py"))
HEALTHY = sorted((PROGRAMS / "healthy").glob("*.py"))
MARK = re.compile(r"# here: (?P<key>\w+)")


def run(runner: Runner, program: Path, folder: Path) -> Record:
    limits = LIMITS if program.parent.name == "healthy" else limits_of(entries()[program.stem].key)
    return runner.run(program, limits=limits, folder=folder)


def mark(program: Path) -> tuple[str, int]:
    """The key and the line that a comment in the program names."""
    for number, line in enumerate(program.read_text(encoding="utf-8").splitlines(), 1):
        match = MARK.search(line)
        if match:
            return match["key"], number
    raise AssertionError(f"{program.name} names no key")


def test_there_is_a_repaired_program_for_each_broken_one() -> None:
    assert [path.stem for path in BROKEN] == [path.stem for path in REPAIRED]
    assert len(BROKEN) >= 100 and len(HEALTHY) >= 40


def keys_of(tree: ast.AST) -> set[str]:
    """The keys of the findings that a module of watches reports: ``report("key", …)``, a table's ``key``."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    keys: set[str] = set()
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "report":
            texts = [node.value for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)]
            assert texts or ast.unparse(call.args[0]) == "key", ast.unparse(call)
            keys |= set(map(str, texts))
    return keys


def test_every_key_that_can_be_named_has_an_entry() -> None:
    modules = {sys.modules[watch.__module__] for watch in WATCHES}
    keys = {cause.key for cause in CAUSES} | {row[1] for row in TorchWarnings.KNOWN}
    for module in modules:
        keys |= keys_of(ast.parse(inspect.getsource(module)))
    assert len(keys) > 150
    assert keys == {entry.key for entry in entries().values()}


@pytest.mark.parametrize("program", BROKEN, ids=lambda path: path.stem)
def test_a_broken_program_is_explained(runner: Runner, program: Path, tmp_path: Path) -> None:
    record, (key, line) = run(runner, program, tmp_path), mark(program)
    error = record.error
    lines = {(finding.key, finding.line) for finding in record.findings}
    if error is not None and error.cause == "time":  # its time is over somewhere in the loop that the mark is at
        assert line <= error.line <= len(program.read_text(encoding="utf-8").splitlines())
        lines.add((error.cause, line))
    elif error is not None:
        lines.add((error.cause, error.line))
        assert error.expression in program.read_text(encoding="utf-8")
    assert lines == {(key, line)}, (record.error, record.findings)
    assert not record.troubles
    for language in ("en", "zh"):
        told_all = record.as_json(language)
        parts = [*told_all["findings"], *([told_all["error"]] if error else [])]
        assert all("{" not in part["repair"] or "{" in program.read_text(encoding="utf-8") for part in parts)


@pytest.mark.parametrize("program", [*REPAIRED, *HEALTHY], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_is_said_of_a_program_that_is_well(runner: Runner, program: Path, tmp_path: Path) -> None:
    record = run(runner, program, tmp_path)
    assert record.error is None, record.error
    assert record.findings == ()
    assert not record.troubles
    assert record.total_operations
