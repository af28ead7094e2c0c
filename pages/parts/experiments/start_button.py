"""What an experiment will cost, and the button that starts it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from core.classroom.settings import is_classroom
from core.errors import InvalidSetting
from core.experiments import group, proposals
from core.experiments.estimate import Cost, Measurements, Probe, estimate, kinds, probes
from core.experiments.plan import Plan
from core.experiments.search import Search
from core.training.config import TrainConfig
from pages.parts.experiments import selection
from pages.shared import helper_process, press, workspace
from pages.shared.experiment_address import PREFIX
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

SECONDS = 60.0  # that a measurement may take
NOTICE = PREFIX + "notice"
START_PRESSED = PREFIX + "wanted"  # Start was pressed and is not done yet


@st.cache_data(show_spinner=False, max_entries=50)
def measure(configs: tuple[str, ...]) -> list[Probe]:
    """Measure some batches of each of these configurations, once."""
    each = [TrainConfig.from_json(config) for config in configs]
    return helper_process.call(probes, each, limits=helper_process.Limits(SECONDS, 2_000))


def show(plan: Plan | Search | None) -> Place:
    """Offer to start the plan, and start it where that was pressed; None is impossible.

    Return the place for ``say_cost``, which comes last: to measure may take seconds.
    """
    lacking = isinstance(plan, Search) and not proposals.is_installed()
    begin(START_PRESSED, None if lacking else plan)
    if plan is None:
        return st.empty()
    st.button(
        _("Start {count} {count:run|runs}", count=plan.count),
        key=PREFIX + "start",
        disabled=lacking,
        type="primary",
        icon=":material/play_arrow:",
        on_click=press.keep,
        args=(START_PRESSED,),
    )
    say_notice()
    place = st.empty()
    place.caption(_("How long the runs take is being measured."))
    return place


def say_cost(plan: Plan | Search, place: Place) -> None:
    """Measure what the plan costs, and say it in ``place``."""
    with place.container(key=PREFIX + "cost"):
        _say_cost(plan)


def _say_cost(plan: Plan | Search) -> None:
    at_once = min(jobs().pool.limit, plan.at_once if isinstance(plan, Search) else plan.count)
    try:
        if isinstance(plan, Search):
            proposals.check_installed()
        measured_kinds = kinds(plan)
        measured = Measurements(measured_kinds, measure(tuple(each.to_json() for each in measured_kinds)))
    except InvalidSetting as error:
        workspace.say(error)
        return
    _say(estimate(plan, measured, at_once, jobs().pool.start_seconds), at_once)
    if is_classroom():
        st.caption(_("In a classroom few of them wait at once: the next ones start when these end."))


def _say(cost: Cost, at_once: int) -> None:
    """Say what the runs cost, and how sure that is."""
    text = _(
        "{count} {count:run|runs}, {most} at once: about {time} ({longest} by the slowest batch) and {size} MB of"
        " the disk. {count:It goes|They go} on when this page is closed.",
        count=cost.runs,
        most=at_once,
        time=workspace.duration(max(1.0, cost.seconds)),
        longest=workspace.duration(max(1.0, cost.most)),
        size=max(1, round(cost.size / 1e6)),
    )
    if cost.measured < cost.kinds:
        text += " " + _(
            "{measured} of {kinds} settings that take different times were measured, the others follow from them.",
            measured=cost.measured,
            kinds=cost.kinds,
        )
    elif cost.kinds > 1:
        text += " " + _("Each of the {kinds} settings that take different times was measured.", kinds=cost.kinds)
    st.caption(text)


def begin(key: str, plan: Plan | Search | None) -> None:
    """Start the plan where a press is kept under ``key``, and show it; None is impossible.

    The run of the page that sees the press starts it: it knows what was typed right before.
    """
    pending_press = press.pending(key)
    if pending_press is None:
        return
    experiment = pending_press.once(lambda: _create(plan)) if plan else ""
    if experiment:
        selection.show_next(experiment)
    press.forget(key)
    if experiment:
        st.rerun()


def say_notice() -> None:
    """Say why the last press started nothing, if it did not."""
    if error := st.session_state.pop(NOTICE, None):
        workspace.say(error)


def _create(plan: Plan | Search) -> str:
    """Start the plan and return its id; "" where that is refused, with the reason kept for ``say_notice``."""
    here, turn = jobs(), owner()  # first: they touch the session, where this run of the page may end
    try:
        experiment = group.create(workspace.root(), plan)
    except InvalidSetting as error:
        st.session_state[NOTICE] = error
        return ""
    group.advance(experiment, here, turn)
    return experiment.id
