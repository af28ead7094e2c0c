"""benchmarks/report.py: bounds, percentiles, the table and the exit status."""

from __future__ import annotations

import json

import pytest

from benchmarks.report import Row, as_json, middle_and_tail, percentile, show, table


@pytest.mark.parametrize(
    ("value", "bound", "met"),
    [(2.4, "< 2.5", True), (2.5, "< 2.5", False), (1.5, ">= 1.5", True), (1.4, ">= 1.5", False), (9.0, "", None)],
)
def test_a_row_knows_whether_its_bound_is_kept(value: float, bound: str, met: bool | None) -> None:
    assert Row("pages", "first page", value, "s", bound).met is met


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 21)]
    assert percentile(values, 0.5) == 10  # 10 of 20 values are at most 10
    assert percentile(values, 0.95) == 19  # 19 of 20 values are at most 19
    assert percentile([3.0], 0.95) == 3.0
    assert percentile([5.0, 1.0], 0.0) == 1.0


def test_of_what_was_measured_the_tail_is_what_has_a_bound() -> None:
    middle, tail = middle_and_tail("pages", "a click", [4.0, 1.0, 3.0, 2.0], "ms", "< 4")
    assert (middle.metric, middle.value, middle.met) == ("a click, p50 of 4", 2.0, None)
    assert (tail.metric, tail.value, tail.met) == ("a click, p95", 4.0, False)


def test_a_line_of_json_has_the_six_fields() -> None:
    line = json.loads(as_json(Row("growth", "open", 0.2, "s", "< 1")))
    assert line == {
        "benchmark": "growth",
        "metric": "open",
        "value": 0.2,
        "unit": "s",
        "target": "< 1",
        "met": True,
    }


def test_the_status_is_one_when_a_target_is_not_met(capsys: pytest.CaptureFixture[str]) -> None:
    met, missed, free = Row("a", "b", 1, "s", "< 2"), Row("a", "c", 3, "s", "< 2"), Row("a", "d", 9, "s")
    assert show([met, free], json_lines=False) == 0
    assert show([met, missed], json_lines=True) == 1
    assert [json.loads(line)["met"] for line in capsys.readouterr().out.splitlines()[-2:]] == [True, False]


def test_the_table_has_a_line_for_each_row_and_equal_widths() -> None:
    lines = table([Row("pages", "first page", 2.4567, "s", "< 2.5"), Row("x", "y", 1e6, "bytes")]).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert "2.457" in lines[2]
