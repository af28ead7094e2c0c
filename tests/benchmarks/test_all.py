"""benchmarks/__main__.py and pages.py on a small scale: rows are read back, pages are known by address."""

from __future__ import annotations

from benchmarks.__main__ import SPEED, rows_of
from benchmarks.pages import INTERACTIONS, PAGES
from benchmarks.report import Row, as_json
from core.settings import PROJECT
from pages.shared.lessons import LESSONS


def test_rows_survive_the_way_through_json_among_other_lines() -> None:
    rows = [Row("pages", "cold", 2.25, "s", "< 2.5"), Row("growth", "sent", 16040.0, "bytes")]
    printed = "\n".join(["a warning", *map(as_json, rows), ""])
    assert rows_of(printed) == rows


def test_every_benchmark_of_speed_is_a_module() -> None:
    assert all((PROJECT / "benchmarks" / f"{name}.py").is_file() for name in SPEED)


def test_every_lesson_but_the_first_is_visited_by_its_address_and_title() -> None:
    assert dict(PAGES) == {lesson.url_path: lesson.title for lesson in LESSONS if lesson.url_path}
    assert {each.page for each in INTERACTIONS} <= {lesson.url_path for lesson in LESSONS}
