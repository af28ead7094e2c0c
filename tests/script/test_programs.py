"""Small programs, broken, repaired and healthy: the cause or the finding and its line;"
" nothing where all is well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.isolation.limits import Limits
from core.script.library import FOLDER
from core.script.records import Record
from core.script.run import Runner

PROGRAMS = Path(__file__).parent / "programs"
BROKEN = sorted((FOLDER / "broken").glob("*.py"))
REPAIRED = sorted((FOLDER / "repaired").glob("*.py"))
HEALTHY = sorted((PROGRAMS / "healthy").glob("*.py"))
MARK = re.compile(r"# here: (?P<key>\w+)")


def run(runner: Runner, program: Path) -> Record:
    return runner.run(program, limits=Limits(60.0, 4_000))


def mark(program: Path) -> tuple[str, int]:
    """The key and the line that a comment in the program names."""
    for number, line in enumerate(program.read_text(encoding="utf-8").splitlines(), 1):
        match = MARK.search(line)
        if match:
            return match["key"], number
    raise AssertionError(f"{program.name} names no key")


def test_there_is_a_repaired_program_for_each_broken_one() -> None:
    assert [path.name for path in BROKEN] == [path.name for path in REPAIRED]
    assert len(BROKEN) >= 100 and len(HEALTHY) >= 40


@pytest.mark.parametrize("program", BROKEN, ids=lambda path: path.stem)
def test_a_broken_program_is_explained(runner: Runner, program: Path) -> None:
    record, (key, line) = run(runner, program), mark(program)
    error = record.error
    lines = {(finding.key, finding.line) for finding in record.findings}
    if error is not None:
        lines.add((error.cause, error.line))
        assert error.expression in program.read_text(encoding="utf-8")
    assert lines == {(key, line)}, (record.error, record.findings)
    assert not record.troubles
    for language in ("en", "zh"):
        told_all = record.as_json(language)
        parts = [*told_all["findings"], *([told_all["error"]] if error else [])]
        assert all("{" not in part["repair"] or "{" in program.read_text(encoding="utf-8") for part in parts)


@pytest.mark.parametrize("program", [*REPAIRED, *HEALTHY], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_nothing_is_said_of_a_program_that_is_well(runner: Runner, program: Path) -> None:
    record = run(runner, program)
    assert record.error is None, record.error
    assert record.findings == ()
    assert not record.troubles
    assert record.total_operations
