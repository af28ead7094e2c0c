"""docs/decisions.md is made of short dated records: context, choice, consequence."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "decisions.md").read_text(encoding="utf-8")
RECORDS = [
    re.split(r"^## ", record, flags=re.MULTILINE)[0] for record in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]
]
PARTS = ("**Context.**", "**Choice.**", "**Consequence.**")
LONGEST = 70  # lines: the longest one is a list of what stays as it is
MEASURED = re.compile(
    r"\btakes? (?:some |about )?(?:\d[\d.]*|\w+teen|two|three|five|ten) (?:ms|µs|milliseconds|seconds)\b"
)


def title(record: str) -> str:
    return record.partition("\n")[0]


@pytest.mark.parametrize("record", RECORDS, ids=title)
def test_a_record_has_a_date_a_context_a_choice_and_a_consequence(record: str) -> None:
    day, _, name = title(record).partition(" · ")
    assert date.fromisoformat(day) and name
    places = [record.index(part) for part in PARTS]
    assert places == sorted(places)
    assert record.count("\n") <= LONGEST


@pytest.mark.parametrize("record", RECORDS, ids=title)
def test_a_time_that_was_measured_names_the_command_that_measures_it(record: str) -> None:
    assert not MEASURED.search(record) or "`python -m " in record


def test_no_title_stands_twice_and_all_records_are_read() -> None:
    assert len(RECORDS) > 130 and len({title(record) for record in RECORDS}) == len(RECORDS)
