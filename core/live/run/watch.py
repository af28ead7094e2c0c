"""The messages of a run that is watched: its numbers and its curves, each time that anything of them has changed.

A chart comes whole, thinned to what a screen shows: what a reader who reconnects gets is the run, without a lost or
a doubled point.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TypedDict

from core.figures.curves import Values
from core.figures.live_chart import ChartHeader
from core.live.instrument import Answer, Ask, Instrument, Later, Part
from core.live.run.curves import chart
from core.live.run.moment import MOVES, Moment, NewsFacts, moment
from core.live.run.numbers import NumberFacts, numbers
from core.live.run.open_run import OpenRun, find_open_run
from core.live.run.settings import WATCH
from core.training.run_folder import RunFolder
from core.training.run_labels import decimal
from core.training.status import FINAL, Status

SOON, SOON_FOR = 0.025, 0.6  # seconds between two looks after a question, as long as what was pressed is under way
EVERY, AT_REST, AT_END = 0.12, 0.4, 1.0  # seconds between two looks at a run that moves, rests, has ended


class RunHeader(TypedDict):
    """A run at one moment. The numbers of ``chart`` follow; None where they are as they were.

    ``page`` is another when the page has to be drawn again; ``commands`` are those that mean something now;
    ``progress`` is the part that is done, 0…1; ``news`` counts what the tabs below the chart show. ``loss`` is the
    end of the smoothed curve, "" where there is none.
    """

    run: str
    state: str
    page: str
    commands: list[str]
    step: int
    progress: float
    numbers: list[NumberFacts]
    news: NewsFacts
    loss: str
    chart: ChartHeader | None


def watch(ask: Ask) -> Iterator[Part]:
    """Answer with the run as it is now, and again with each change; one that has ended can still be deleted."""
    now = find_open_run(str(ask.settings["run"]))
    run = now.folder()
    if run is None:
        yield message(ask, now, None, None, with_chart=True)
        return
    before, begun = None, time.monotonic()
    while True:
        at = moment(now, now.folder() or run)
        if at != before:
            yield message(ask, now, run, at, with_chart=before is None or moved(before, at))
        before = at
        yield Later(pause(at.status, time.monotonic() - begun))


def moved(before: Moment, at: Moment) -> bool:
    """Return whether the curves have changed."""
    fields = ("step", "tested", "examples", "state")
    return before.changes != at.changes or any(
        getattr(before.status, name) != getattr(at.status, name) for name in fields
    )


def pause(status: Status, seconds: float) -> float:
    """Return how long to wait before the next look, ``seconds`` seconds after the question."""
    if seconds < SOON_FOR:
        return SOON
    if status.state in FINAL:
        return AT_END
    return EVERY if status.state in MOVES else AT_REST


def message(ask: Ask, now: OpenRun, run: RunFolder | None, at: Moment | None, with_chart: bool) -> Answer:
    """Return the message about one moment, with the chart where it is ``with_chart``."""
    status = at.status if at else Status()
    figure, arrays = chart(ask, now, run, status) if with_chart else (None, [])
    header: RunHeader = {
        "run": now.run,
        "state": status.state if at else "",
        "page": at.page if at else "",
        "commands": at.commands if at and now.steering else [],
        "step": status.step,
        "progress": min(status.progress, 1.0),
        "numbers": numbers(ask.say, at),
        "news": at.news if at else {"tests": 0, "checkpoints": 0, "examined": 0},
        "loss": _latest(figure, arrays),
        "chart": figure,
    }
    return Answer(header, arrays)


def _latest(figure: ChartHeader | None, arrays: Sequence[Values]) -> str:
    """Return the last point of the last curve that is read out, the smoothed loss before the tests' points."""
    ends = [
        (curve["mode"] == "lines", f"{curve['name']}: {_text(arrays[2 * n + 1][-1], figure['percent'])}")
        for n, curve in enumerate(figure["curves"] if figure else [])
        if figure and curve["hover"] and curve["count"]
    ]
    lines = [text for is_line, text in ends if is_line]
    return (lines or [text for _line, text in ends] or [""])[-1]


def _text(value: float, percent: bool) -> str:
    return f"{value:.2%}" if percent else decimal(float(value))


INSTRUMENT = Instrument("run.watch", WATCH, watch)
