"""benchmarks.hostile, a smaller version: nothing runs, nothing is taken that is wrong, nothing crashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import hostile
from benchmarks.hostile import Case
from benchmarks.hostile_files import HostileFile


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Case], bool]:
    """All files but the large ones, and 130 flipped bits, in a process of their own."""
    folder = tmp_path_factory.mktemp("hostile")
    marker = folder / "marker"
    cases = hostile.cases(hostile.all_files(str(marker), large=False), folder, flips=100)
    hostile.try_all(cases, folder)
    return cases, marker.exists()


@pytest.mark.long
def test_no_file_runs_code_is_taken_though_wrong_differs_silently_or_crashes(tried) -> None:
    results, marked = tried
    assert len(results) > 250
    assert not marked
    for what, cases in hostile.wrongs(results).items():
        assert not cases, (what, [(case.name, case.result) for case in cases[:5]])


@pytest.mark.long
def test_no_file_takes_much_memory(tried) -> None:
    results, _ = tried
    for case in results:
        assert case.result["memory"] < hostile.MOST_MEMORY, case.name


def test_what_goes_wrong_is_noticed(tmp_path: Path) -> None:
    """The child itself is tried: a file that is taken though it must not be, and one that differs."""
    right = Case(HostileFile("right", "model", b"", sound=True, checked=True), tmp_path)
    right.result = {"outcome": "taken", "digest": "a"}
    wrong = Case(HostileFile("wrong", "model", b"", checked=True), tmp_path)
    wrong.result = {"outcome": "taken", "digest": "b", "watched": ["os.system"]}
    lost = Case(HostileFile("lost", "model", b""), tmp_path)
    wrongs = hostile.wrongs([right, wrong, lost])
    assert wrongs["code"] == wrongs["taken"] == wrongs["differs"] == [wrong]
    assert wrongs["crashed"] == [lost]
    assert wrongs["refused"] == []
