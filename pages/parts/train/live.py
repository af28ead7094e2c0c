"""The live view: curves and numbers of a run, pushed to the browser, always in the same place."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.figures import palette
from core.live.instrument import instrument
from core.live.run import open_run
from core.live.run.moment import Moment, moment
from core.live.run.open_run import OpenRun, Steering
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from pages.shared import instruments, keys, live_chart, visitor, workspace
from pages.shared.instruments import ControlWords
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

OFFERED = "train_offered_runs"  # in the session: what is shown -> the name under which the drawing asks about it
CSS = f"""{live_chart.CSS}
/* It takes the rest of a large window. */
.run-view .run-chart {{ min-height: 21rem; --live-chart-least: min(100vh - 36rem, 40rem); }}
.run-numbers {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(5.9rem, 1fr)); gap: .3rem .6rem;
  margin: 0; padding: 0 !important; font-variant-numeric: tabular-nums; font-family: var(--st-font);
  color: var(--st-text-color); }}
.run-numbers div {{ min-width: 0; }}
.run-numbers dt {{ font-size: .78rem; opacity: .75; margin: 0; white-space: nowrap; }}
.run-numbers dd {{ font-size: 1.05rem; margin: 0 !important; padding: 0; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }}
.run-numbers dd.remark {{ font-size: .78rem; opacity: .75; }}
.run-numbers dd.old {{ opacity: .75; font-style: italic; }}
.run-progress {{ height: .5rem; margin-top: .6rem; border-radius: .25rem; overflow: hidden; background: #8883; }}
.run-progress i {{ display: block; height: 100%; background: {palette.POSITIVE}; }}
.run-view .run-chart ~ .controls {{ flex-flow: row wrap; gap: .3rem 1.4rem; margin-top: .7rem; align-items: center;
  font-family: var(--st-font); color: var(--st-text-color); }}
.run-view .run-chart ~ .controls .number {{ flex: 0 1 14rem; }}
.run-view .lost, .run-view .run-why {{ color: var(--st-text-color); font-size: .875rem; }}
.run-view .run-said {{ position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden;
  clip-path: inset(50%); }}
"""


class RunWords(TypedDict):
    """``run`` is what the drawing asks about, ``page`` what the page was drawn for."""

    run: str
    page: str
    settings: str
    lost: str
    progress: str
    chart: dict[str, str]


def now(run: RunFolder) -> Moment:
    """Return how the run is at this moment."""
    return moment(OpenRun(jobs(), run.id), run)


def show(run: RunFolder | None, at: Moment | None, config: TrainConfig) -> None:
    """Show the run as the page found it; the browser draws what comes of it.

    ``config`` are its settings, or those of the run that is prepared.
    """
    with st.container(key="train_chart"):
        st.fragment(_view)(run, at.page if at else "", config)


def _view(run: RunFolder | None, page: str, config: TrainConfig) -> None:
    """Show the drawing; where the page was drawn for another state of the run, draw the whole page."""
    if run:
        with workspace.again_where_deleted(run):
            if workspace.find(run.id) is None or now(run).page != page:
                st.rerun()
    drawing = instrument("run.watch")
    labels: RunWords = {
        "run": name(run, config),
        "page": f"{run.id} {page}" if run else "",
        "settings": _("How the curves are drawn"),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
        "progress": _("Progress"),
        "chart": live_chart.words(),
    }
    values = instruments.values(drawing, "train", hidden=("run",))
    instruments.show("train/run", drawing, "train", values, _words(), labels, css=CSS, on_page_change=lambda: None)


def _words() -> dict[str, ControlWords]:
    return {
        "accuracy": {"label": _("Show accuracy")},
        "log": {
            "label": _("Logarithmic"),
            "hint": _("Equal factors get equal heights: small losses can be told apart."),
        },
        "smoothing": {
            "label": _("Smoothing"),
            "hint": _(
                "A moving average: how much of the past each point keeps. 0 shows only the batches themselves."
            ),
        },
        "run": {"label": ""},
    }


def name(run: RunFolder | None, config: TrainConfig) -> str:
    """Return the name by which drawings ask about the run, and command it; the same as long as it is offered."""
    examples, _tested = workspace.IMAGES[config.dataset]
    user = visitor.browser()
    steering = None if user is None else Steering(user, owner())
    ghost = workspace.find(_ghost(run))
    of_ghost = (ghost.id, workspace.run_name(ghost)) if ghost else ("", "")
    what = OpenRun(jobs(), run.id if run else "", *of_ghost, examples * config.epochs, steering)
    names: dict[tuple[str, str, str, int], str] = st.session_state.setdefault(OFFERED, {})
    key = (what.run, what.ghost, what.ghost_name, what.examples)
    if not open_run.is_offered(names.get(key, "")):
        names[key] = open_run.offer(what)
    return names[key]


def _ghost(run: RunFolder | None) -> str:
    """Return the run whose curve is behind: the one that this one continues, else the one shown before."""
    parent = run.config.parent.run if run and run.config.parent else ""
    ghost: str = parent or st.session_state.get(keys.GHOST) or ("" if run else _last())
    return "" if run and ghost == run.id else ghost


def _last() -> str:
    """Return the newest run, so that even the first view shows what learning looks like."""
    return next((run.id for run in workspace.summaries()), "")
