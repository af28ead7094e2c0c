"""What a benchmark found: rows, as one table to read or as JSON lines, and whether targets are met."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One figure. ``target`` is a bound such as "< 2.5" or ">= 1.5", empty where there is none."""

    benchmark: str
    metric: str
    value: float
    unit: str
    target: str = ""

    @property
    def met(self) -> bool | None:
        """Return whether the value keeps the bound; None where there is none."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        limit = float(bound)
        return {
            "<": self.value < limit,
            "<=": self.value <= limit,
            ">": self.value > limit,
            ">=": self.value >= limit,
        }[sign]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest measured value that at least ``share`` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * share // 1)
    return ordered[max(int(rank), 1) - 1]


def middle_and_tail(name: str, what: str, values: Sequence[float], unit: str, target: str = "") -> list[Row]:
    """Return median and 95th percentile of what was measured, as two rows; ``target`` bounds the latter."""
    return [
        Row(name, f"{what}, p50 of {len(values)}", percentile(values, 0.5), unit),
        Row(name, f"{what}, p95", percentile(values, 0.95), unit, target),
    ]


def as_json(row: Row) -> str:
    """Return the row as one line of JSON."""
    return json.dumps({**asdict(row), "met": row.met}, ensure_ascii=False)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = ("benchmark", "metric", "value", "unit", "target", "met")
    word = {None: "", True: "yes", False: "NO"}
    lines = [head, *((r.benchmark, r.metric, f"{r.value:.4g}", r.unit, r.target, word[r.met]) for r in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    return "\n".join([text[0], "| " + " | ".join("-" * width for width in widths) + " |", *text[1:]])


def status(rows: Iterable[Row]) -> int:
    """Return the exit status: 1 when a target is not met."""
    return int(any(row.met is False for row in rows))


def main(measure: Callable[[], Iterable[Row]], about: str | None) -> int:
    """Run ``measure`` and print what it found, with ``--json`` one object a line as soon as it is known."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return show(measure(), parser.parse_args().json)


def show(rows_to_show: Iterable[Row], json_lines: bool) -> int:
    """Print ``rows_to_show`` and return the exit status."""
    rows = []
    for row in rows_to_show:
        rows.append(row)
        if json_lines:
            print(as_json(row), flush=True)
    if not json_lines:
        print(table(rows))
    return status(rows)
