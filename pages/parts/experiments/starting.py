"""What an experiment will cost, and the button that starts it."""

from __future__ import annotations

import streamlit as st

from core.classroom.settings import is_classroom
from core.errors import InvalidSetting
from core.experiments import group, proposals
from core.experiments.estimate import Probe, estimate, probe
from core.experiments.plan import Plan
from core.experiments.search import Search
from core.training.config import TrainConfig
from pages.parts.experiments import choice
from pages.shared import isolated, markdown, workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

PREFIX = "experiments_"
SECONDS = 60.0  # that a measurement may take
NOTICE = PREFIX + "notice"


@st.cache_data(show_spinner=False, max_entries=50)
def measured(config: str) -> Probe:
    """Measure some batches of a configuration, once."""
    return isolated.call(probe, TrainConfig.from_json(config), limits=isolated.Limits(SECONDS, 2_000))


def show(plan: Plan | Search) -> None:
    """Say what the plan costs, and offer to start it."""
    lacking = isinstance(plan, Search) and not proposals.is_installed()
    st.button(
        _("Start {count} runs", count=plan.count),
        key=PREFIX + "start",
        disabled=lacking,
        type="primary",
        icon=":material/play_arrow:",
        on_click=begin,
        args=(plan,),
    )
    for sentence in st.session_state.pop(NOTICE, []):
        st.error(markdown.plain(sentence))
    at_once = min(jobs().pool.limit, plan.at_once if isinstance(plan, Search) else plan.count)
    try:
        if lacking:
            proposals.check_installed()
        cost = estimate(plan, measured(plan.base.with_(seed=1).to_json()), at_once)
    except InvalidSetting as error:
        workspace.say(error)
        return
    st.caption(
        _(
            "{count} runs, {most} at once: about {time} and {size} MB of the disk. They go on when this page is"
            " closed.",
            count=cost.runs,
            most=at_once,
            time=workspace.duration(max(1.0, cost.seconds)),
            size=max(1, round(cost.size / 1e6)),
        )
    )
    if is_classroom():
        st.caption(_("In a classroom few of them wait at once: the next ones start when these end."))


def begin(plan: Plan | Search) -> None:
    try:
        experiment = group.create(workspace.root(), plan)
        choice.show(experiment.id)
        group.advance(experiment, jobs(), owner())
    except InvalidSetting as error:
        st.session_state[NOTICE] = [str(error)]
