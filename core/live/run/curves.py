"""The chart of a run: its losses, or its accuracy, over the examples seen, and another run's behind them."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_
from core.figures import run_curves
from core.figures.curves import Curve, Mark, Values
from core.figures.live_chart import POINTS, ChartHeader, live_chart
from core.live.instrument import Ask
from core.live.run.open_run import OpenRun
from core.training.run_folder import RunFolder
from core.training.status import Status

HEIGHT = 310  # pixels of the chart: on a laptop it is seen whole, with the numbers under it
NOTHING = N_("Press Start: the loss of each batch appears here as the network learns.")


@dataclass(frozen=True)
class View:
    """How the curves are drawn."""

    accuracy: bool
    log: bool
    smoothing: float

    @classmethod
    def of(cls, ask: Ask) -> View:
        """Return what the reader has set."""
        return cls(bool(ask.settings["accuracy"]), bool(ask.settings["log"]), float(ask.settings["smoothing"]))


def chart(ask: Ask, open_run: OpenRun, run: RunFolder | None, status: Status) -> tuple[ChartHeader, list[Values]]:
    """Return the message of the chart."""
    view, words = View.of(ask), run_curves.in_words(ask.say)
    other = open_run.other()
    ghosts = _ghost(other, open_run.ghost_name or other.name, view, words) if other else []
    shift = _shift(run)
    marks = _marks(ask, run, shift) if run else []
    ends = [float(curve.x[-1]) for curve in ghosts if len(curve.x)]
    return live_chart(
        [*ghosts, *(_curves(run, view, words) if run else [])],
        x_title=ask.say(N_("examples seen")),
        y_title=ask.say(N_("test accuracy") if view.accuracy else N_("loss")),
        revision=run.id if run else "new",
        marks=marks,
        x_max=max([shift + (status.examples or open_run.examples), *ends]) or None,
        log=view.log and not view.accuracy,
        percent=view.accuracy,
        note="" if run or ghosts else ask.say(NOTHING),
        height=HEIGHT,
    )


def _marks(ask: Ask, run: RunFolder, shift: float) -> list[Mark]:
    return run_curves.changes_of_rate(run.changes(), run.config.learning_rate, ask.say(N_("rate")), shift)


def _curves(run: RunFolder, view: View, words: run_curves.Words) -> list[Curve]:
    if view.accuracy:
        return run_curves.accuracy_curves(run.tests(), words, _shift(run))
    return run_curves.loss_curves(run.curve(POINTS), run.tests(), words, view.smoothing, _shift(run))


def _shift(run: RunFolder | None) -> float:
    """Return how many examples the run's ancestors had seen when it began."""
    return float(run.config.parent.seen) if run and run.config.parent else 0.0


def _ghost(other: RunFolder, name: str, view: View, words: run_curves.Words) -> list[Curve]:
    curves = _curves(other, View(view.accuracy, view.log, run_curves.SMOOTHING), words)
    return run_curves.ghost(curves if view.accuracy else curves[1:], name)
