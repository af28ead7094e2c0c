"""What random and hostile addresses do to the app: ``python -m benchmarks.addresses [--count 2000] [--json]``.

A real server on a free port, with runs to show, gets each address over its websocket, as a browser would bring it:
each setting at and beyond its ends, words where numbers belong, combinations, hostile unicode, very long values.
Counted are: ends of the server, tracebacks, blank pages; the growth of the server's memory, and how long an answer
takes.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import WebSocketException

from benchmarks import address_settings, address_values, websocket_user
from benchmarks.address_settings import Setting
from benchmarks.growth import record
from benchmarks.report import Row, percentile, show
from benchmarks.websocket_user import User
from pages.shared.lessons import LESSONS
from tests.browser import chromium

NAME = "addresses"
SEED = 13
TAB = 20  # addresses that one tab visits before another is opened
WANTED_MEMORY, WANTED_SECONDS = 300, 2
TRACEBACK = "Traceback (most recent call last)"


@dataclass
class RunningApp:
    """A server and what it wrote."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def alive(self) -> bool:
        """Whether the server has not ended."""
        return self.process.poll() is None

    def memory(self) -> float:
        """Return the megabytes that the server's own process has and shares with nobody (Linux)."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private")) / 1000

    def tracebacks(self) -> int:
        """Return how many tracebacks stand in the log."""
        return self.log.read_text(encoding="utf-8", errors="replace").count(TRACEBACK)

    def end(self) -> None:
        """End the server and wait until it is gone."""
        chromium.end(self.process)


@dataclass
class Findings:
    """What the addresses did."""

    seconds: list[float] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)
    grown: float = 0.0


def serve(folder: Path) -> RunningApp:
    """Start a server whose runs are in ``folder`` and wait until it answers."""
    log = folder / f"log-{time.monotonic_ns()}"
    address, process = chromium.launch({"STEPWISE_RUNS": str(folder / "runs")}, log=log)
    chromium.wait_until_healthy(address, process, 90)
    return RunningApp(address, process, log)


async def visit_all(folder: Path, paths: Sequence[str]) -> Findings:
    """Bring every address to a server; one that ended is started again and counted."""
    findings, served, user = Findings(), serve(folder), None
    try:
        await warm(served)
        start = most = served.memory()
        for number, path in enumerate(paths):
            if not served.alive:
                served, user = serve(folder), None
                await warm(served)
                start = served.memory()
            if user is None or number % TAB == 0:
                if user is not None:
                    await user.close()
                user = User(served.address)
                await user.open()
            before = served.tracebacks()
            if not await visit(user, served, path, findings):
                user = None
            elif served.tracebacks() > before and (not findings.tracebacks or findings.tracebacks[-1] != path):
                findings.tracebacks.append(path)
            if served.alive:
                most = served.memory()
                findings.grown = max(findings.grown, most - start)
        if user is not None:
            await user.close()
        return findings
    finally:
        served.end()


async def visit(user: User, served: RunningApp, path: str, findings: Findings) -> bool:
    """Bring one address and note what came of it; False when the connection is gone."""
    started = time.perf_counter()
    try:
        view = await user.go(path)
    except (TimeoutError, OSError, WebSocketException) as error:
        await asyncio.sleep(1)  # the process may be about to end
        findings.seconds.append(time.perf_counter() - started)
        (findings.blank if served.alive else findings.deaths).append(f"{path} ({type(error).__name__})")
        return False
    findings.seconds.append(view.seconds)
    findings.slow.append((view.seconds, path))
    if view.errors or view.unforeseen:
        findings.tracebacks.append(path)
    if not view.main or view.not_found:
        findings.blank.append(path)
    return True


async def warm(served: RunningApp) -> None:
    """Visit every page as it comes, so that what is imported and computed once does not count as growth."""
    user = User(served.address)
    await user.open()
    for _round in range(2):
        for lesson in LESSONS:
            await user.go(lesson.url_path)
    await user.close()


def rows(count: int, settings: Sequence[Setting] | None = None, seed: int = SEED) -> Iterator[Row]:
    """Bring ``count`` addresses and say what was found."""
    with tempfile.TemporaryDirectory(prefix="stepwise-") as name:
        folder = Path(name)
        (folder / "runs").mkdir()
        for batches in (3, 2_000):
            record(folder / "runs", batches)
        address_settings.without_runs(folder / "runs")
        all_settings = settings or address_settings.settings()
        paths = list(address_values.addresses(all_settings, count, seed))
        findings = websocket_user.run(visit_all(folder, paths))
    for what in ("deaths", "tracebacks", "blank"):
        for path in getattr(findings, what):
            print(f"{what}: {path[:400]}", file=sys.stderr)
    for seconds, path in sorted(findings.slow, reverse=True)[: max(5, count // 50)]:
        if seconds > WANTED_SECONDS:
            print(f"slow: {seconds:.1f} s: {path[:200]}", file=sys.stderr)
    yield Row(NAME, "settings", len(all_settings), "")
    yield Row(NAME, "addresses", len(findings.seconds), "", f">= {count}")
    yield Row(NAME, "ends of the server", len(findings.deaths), "addresses", "<= 0")
    yield Row(NAME, "tracebacks", len(findings.tracebacks), "addresses", "<= 0")
    yield Row(NAME, "blank pages", len(findings.blank), "addresses", "<= 0")
    yield Row(NAME, "growth of the server's memory", findings.grown, "MB", f"< {WANTED_MEMORY}")
    yield Row(NAME, "an answer, p50", percentile(findings.seconds, 0.5), "s")
    yield Row(NAME, "an answer, p99", percentile(findings.seconds, 0.99), "s", f"< {WANTED_SECONDS}")


def main(arguments: list[str] | None = None) -> int:
    """Print the rows; exit status 1 when a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="addresses to bring")
    parser.add_argument("--seed", type=int, default=SEED, help="of the random addresses")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(arguments)
    return show(rows(options.count, seed=options.seed), options.json)


if __name__ == "__main__":
    sys.exit(main())
