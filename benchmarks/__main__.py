"""All benchmarks of speed, one table: ``python -m benchmarks`` or ``make bench``; ``--json`` prints a line each."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.report import Row, as_json, status, table

SPEED = ("training", "first_point", "pages", "instant", "growth", "recording", "own_modules")


def run_benchmark(name: str) -> tuple[list[Row], int]:
    """Run a benchmark in a process of its own and return its rows and its exit status."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json"]
    print(f"benchmarks.{name} …", file=sys.stderr, flush=True)
    process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return rows_of(process.stdout), process.returncode


def rows_of(text: str) -> list[Row]:
    """Read the rows that a benchmark printed as JSON, one a line."""
    fields = ("benchmark", "metric", "value", "unit", "target")
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return [Row(**{name: line[name] for name in fields}) for line in lines]


def main() -> int:
    """Run all; exit status 1 when a target is not met or a benchmark came to nothing."""
    rows, broken = [], False
    for name in SPEED:
        its_rows, code = run_benchmark(name)
        rows += its_rows
        broken = broken or code not in (0, 1) or not its_rows
    print("\n".join(map(as_json, rows)) if "--json" in sys.argv else table(rows))
    return int(broken) or status(rows)


if __name__ == "__main__":
    sys.exit(main())
