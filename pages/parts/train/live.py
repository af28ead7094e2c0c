"""The live view: numbers and curves of a run, as often as six times a second, always in the same place."""

from __future__ import annotations

import streamlit as st

from core.figures import run_curves
from core.figures.curves import Curve
from core.training.run_folder import RunFolder
from core.training.status import Status
from pages.parts.train import numbers
from pages.shared import keys, redraw, workspace
from pages.shared.jobs import jobs
from pages.shared.language import _
from pages.shared.live_chart import POINTS, live_chart

LOOK = "train_look"  # the fragment that draws numbers and curves
EVERY = 0.16  # seconds between two looks at a run
HEIGHT = 310  # pixels of the chart: on a laptop it is seen whole, with the numbers under it


@st.fragment
def _controls() -> None:
    """Show what decides how the curves are drawn."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="train_view"):
        st.toggle(
            _("Show accuracy"),
            key="train_accuracy",
            bind="query-params",
            on_change=redraw.only(LOOK),
        )
        st.toggle(
            _("Logarithmic"),
            key="train_log",
            bind="query-params",
            on_change=redraw.only(LOOK),
            help=_("Equal factors get equal heights: small losses can be told apart."),
        )
        st.slider(
            _("Smoothing"),
            0.0,
            0.99,
            workspace.SMOOTHING,
            0.01,
            key="train_smoothing",
            bind="query-params",
            on_change=redraw.only(LOOK),
            width=220,
            help=_("A moving average: how much of the past each point keeps. 0 shows only the batches themselves."),
        )


def show(run: RunFolder | None, status: Status | None) -> None:
    """Show the run and, while it moves, look again every ``EVERY`` seconds."""
    every = {"running": EVERY, "waiting": EVERY, "paused": 1.0}.get(status.state if status else "")
    numbers.style()
    above = st.container(key="train_live")
    _controls()
    with above:
        st.fragment(_look, run_every=every, key=LOOK)(run, status.state if status else "")


def _look(run: RunFolder | None, drawn_state: str) -> None:
    """Draw curves and numbers once; when the state is another than the page was drawn for, draw the whole page."""
    if run is None:
        _chart(None, Status())
        numbers.show(Status(), _("ready"))
        return
    status = run.status()
    if status.state != drawn_state:
        st.rerun()
    _chart(run, status)
    next_rate = run.learning_rate_at(status.step) if status.state == "paused" else None
    numbers.show(status, _state(run, status), next_rate)


def _state(run: RunFolder, status: Status) -> str:
    word = workspace.state_word(status.state)
    if status.state in ("running", "waiting") and jobs().elsewhere(run.id):
        return _("{state} elsewhere", state=word)
    place = jobs().place(run.id) if status.state == "waiting" else None
    return _("{state}, place {place}", state=word, place=place) if place else word


def _chart(run: RunFolder | None, status: Status) -> None:
    accuracy = bool(st.session_state.get("train_accuracy"))
    smoothing = float(st.session_state.get("train_smoothing", workspace.SMOOTHING))
    ghosts = _ghosts(run, accuracy)
    curves = _curves(run, accuracy, smoothing) if run else []
    shift = _shift(run)
    note = "" if run or ghosts else _("Press Start: the loss of each batch appears here as the network learns.")
    live_chart(
        [*ghosts, *curves],
        key="train_chart",
        x_title=_("examples seen"),
        y_title=_("test accuracy") if accuracy else _("loss"),
        revision=run.id if run else "new",
        marks=run_curves.changes_of_rate(run.changes(), run.config.learning_rate, _("rate"), shift) if run else [],
        x_max=max([shift + status.examples, *(float(curve.x[-1]) for curve in ghosts if len(curve.x))]) or 180_000,
        log=bool(st.session_state.get("train_log")) and not accuracy,
        percent=accuracy,
        note=note,
        height=HEIGHT,
    )


def _curves(run: RunFolder, accuracy: bool, smoothing: float) -> list[Curve]:
    if accuracy:
        return run_curves.accuracy_curves(run.tests(), workspace.curve_words(), _shift(run))
    return run_curves.loss_curves(run.curve(POINTS), run.tests(), workspace.curve_words(), smoothing, _shift(run))


def _shift(run: RunFolder | None) -> float:
    """Return how many examples the run's ancestors had seen when it began."""
    return float(run.config.parent.seen) if run and run.config.parent else 0.0


def _ghosts(run: RunFolder | None, accuracy: bool) -> list[Curve]:
    """Return the curve of the run that this one continues, else of the one that was shown before."""
    parent = run.config.parent.run if run and run.config.parent else ""
    wanted = parent or st.session_state.get(keys.GHOST) or ("" if run else _last())
    other = workspace.find(wanted) if wanted and (run is None or wanted != run.id) else None
    if other is None:
        return []
    curves = _curves(other, accuracy, workspace.SMOOTHING)
    kept = curves if accuracy else curves[1:]
    return run_curves.ghost(kept, other.name)


def _last() -> str:
    """Return the newest run, so that even the first view shows what learning looks like."""
    return next((run.id for run in workspace.summaries()), "")
