"""What a reader has done: kept, read again, counted, exported, forgotten."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import progress
from core.errors import InvalidSetting
from core.journey import JOURNEYS
from core.progress import FILE, Entry
from pages.shared.lessons import LESSONS


def test_entries_come_back_in_their_order_with_their_time(tmp_path: Path) -> None:
    progress.note(tmp_path / "new", Entry("step", "five_minutes/draw", "done"))
    progress.note(tmp_path / "new", Entry("exercise", "convolution_answer_1_0", "26", True))
    first, second = progress.read(tmp_path / "new")
    assert (first.kind, first.name, first.answer, first.right) == ("step", "five_minutes/draw", "done", None)
    assert second.right is True
    assert 0 < first.when <= second.when


@given(st.text())
def test_a_damaged_file_is_read_as_far_as_it_goes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("progress")
    progress.note(folder, Entry("prediction", "a", "b", False))
    with (folder / FILE).open("a", encoding="utf-8", errors="replace") as file:
        file.write(text + '\n{"kind": "step", "name": 3}\n[]\n{"kind": "step", "name": "x", "when": 1e999}\n')
    assert [entry.name for entry in progress.read(folder)] == ["a"]


def test_only_the_first_answer_to_a_question_counts() -> None:
    entries = [
        Entry("prediction", "a", "x", False),
        Entry("prediction", "a", "y", True),
        Entry("prediction", "b", "x", True),
        Entry("exercise", "c", "1", True),
    ]
    assert progress.score(entries, "prediction") == (1, 2)
    assert progress.score(entries, "exercise") == (1, 1)


def test_the_table_is_csv_whatever_was_answered() -> None:
    entries = [Entry("prediction", 'a,"b"\n', "x;y", None, 0.0), Entry("exercise", "c", "26", True, 60.0)]
    rows = list(csv.reader(io.StringIO(progress.table(entries))))
    assert rows[0] == ["when", "kind", "name", "answer", "right"]
    assert rows[1] == ["1970-01-01T00:00:00+00:00", "prediction", 'a,"b"\n', "x;y", ""]
    assert rows[2][4] == "true"


def test_forgetting_deletes_the_file_and_a_full_one_takes_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MOST", 2)
    for name in ("a", "b"):
        progress.note(tmp_path, Entry("step", name * 200))
    assert len(json.loads((tmp_path / FILE).read_text(encoding="utf-8").splitlines()[0])["name"]) == 80
    with pytest.raises(InvalidSetting, match="more than"):
        progress.note(tmp_path, Entry("step", "c"))
    progress.forget(tmp_path)
    assert progress.read(tmp_path) == []
    progress.forget(tmp_path)  # twice does no harm


def test_the_steps_of_a_journey_have_names_of_their_own_and_lessons_that_there_are() -> None:
    names = [lesson.name for lesson in LESSONS]
    for journey in JOURNEYS.values():
        steps = [step.name for step in journey.steps]
        assert len(set(steps)) == len(steps)
        for step in journey.steps:
            assert step.lesson in names
            assert not (step.after and not step.waits), step.name
            assert len(step.says) <= 120, step.name  # one thing at a time
            key, _, expected = step.address.partition("=")
            assert expected == "*" or step.query.get(key) != expected, step.name  # not done before it begins
    hour = {step.lesson for step in JOURNEYS["one_hour"].steps}
    assert hour == {*names} - {"tutorials"}
