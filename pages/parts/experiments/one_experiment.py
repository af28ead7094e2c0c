"""An experiment while its runs train and afterwards: lines with bands, final accuracies, and what they show."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.experiments import group, results
from core.experiments.group import Experiment
from core.experiments.plan import Plan
from core.experiments.results import DELETED, ENDED, Outcome, states
from core.experiments.search import Search
from core.training.status import FINAL
from pages.parts.experiments import confirm, display_names, export, figures, manage, open_run, selection, verdict
from pages.shared import address, markdown, workspace
from pages.shared.experiment_address import NEW
from pages.shared.jobs import jobs, owner
from pages.shared.language import _
from pages.shared.live_chart import redrawn_figure

EVERY = 1.0  # seconds between two looks
GOING = ("running", "waiting", "")


def show(experiment: Experiment) -> None:
    """Show the buttons, the live figures, and below them the runs and the report."""
    if experiment.wanted == "run":
        group.advance(experiment, jobs(), owner())  # after a restart of the server it goes on
    outcomes = results.outcomes(experiment)
    now = states(experiment, outcomes)
    if experiment.plan.hypothesis:
        st.text(display_names.hypothesis(experiment.plan))
    _buttons(experiment, now)
    quantity = "" if isinstance(experiment.plan, Search) else _quantity()
    moving = experiment.wanted == "run" and any(state in GOING for state in now)
    st.fragment(_live, run_every=EVERY if moving else None)(experiment, quantity, moving)
    if isinstance(experiment.plan, Search) and all(state in ENDED for state in now):
        confirm.show(experiment, experiment.plan, outcomes)
    open_run.show(experiment)
    export.show(experiment)


def _buttons(experiment: Experiment, now: list[str]) -> None:
    over = all(state in ENDED for state in now)
    going = experiment.wanted == "run" and any(state in GOING for state in now)
    with st.container(horizontal=True, key="experiments_toolbar"):
        if not over:
            st.button(
                _("Pause"),
                key="experiments_pause",
                icon=":material/pause:",
                disabled=not going,
                on_click=_do,
                args=(experiment, "pause"),
            )
            st.button(
                _("Resume"),
                key="experiments_resume",
                icon=":material/play_arrow:",
                disabled=not any(state in ("paused", "stopped", "interrupted", "") for state in now),
                on_click=_do,
                args=(experiment, "resume"),
            )
            st.button(
                _("Stop"),
                key="experiments_stop",
                icon=":material/stop:",
                disabled=experiment.wanted == "stop",
                on_click=_do,
                args=(experiment, "stop"),
            )
        st.button(
            _("New experiment"),
            key="experiments_new",
            icon=":material/add:",
            on_click=selection.show,
            args=(NEW,),
        )
        manage.show(experiment)


def _do(experiment: Experiment, what: str) -> None:
    try:
        if what == "pause":
            group.pause(experiment, jobs())
        elif what == "stop":
            group.stop(experiment, jobs())
        elif refusal := group.resume(experiment, jobs(), owner()):
            raise refusal
    except InvalidSetting as error:
        workspace.say(error)


def _quantity() -> str:
    names = figures.quantities()
    return address.choose(
        st.segmented_control,
        _("Curve"),
        tuple(names),
        "experiments_quantity",
        default="accuracy",
        format_func=names.__getitem__,
        required=True,
    )


def _live(experiment: Experiment, quantity: str, moving: bool) -> None:
    """Draw everything that changes while runs train; start what a limit refused before."""
    refusal = group.advance(experiment, jobs(), owner()) if moving else None
    try:
        experiment = group.load(experiment.root, experiment.id)
    except InvalidSetting:
        st.rerun()  # deleted in another tab: the page says so
    outcomes = results.outcomes(experiment)
    going = any(state in GOING for state in states(experiment, outcomes))
    if moving and not going:
        st.rerun()
    _progress(outcomes, states(experiment, outcomes), refusal)
    _say_failures(experiment)
    if isinstance(experiment.plan, Search):
        if moving:
            _say_awaited(outcomes)
        open_run.figure_of_runs(figures.search(experiment.plan, outcomes), "experiments_search")
        _conclusions(experiment, outcomes)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _lines(experiment, outcomes, quantity)
    with right:
        open_run.figure_of_runs(figures.final(experiment, outcomes), "experiments_final")
    _conclusions(experiment, outcomes)
    _several(experiment, experiment.plan, outcomes)


def _progress(outcomes: list[Outcome], now: list[str], refusal: InvalidSetting | None) -> None:
    over, deleted = sum(state in FINAL for state in now), now.count(DELETED)
    text = _("{over} of {all} {all:run has|runs have} ended.", over=over, all=len(now))
    if deleted:
        text += " " + _("{count} {count:was|were} deleted.", count=deleted)
    moved = sum(result.progress for outcome in outcomes for result in outcome.results if result.state != DELETED)
    st.progress(min(1.0, (moved + deleted) / len(now)), text=text)
    if refusal:
        st.caption(_("The others start when there is room:"))
        workspace.say(refusal)


def _say_failures(experiment: Experiment) -> None:
    """Say why runs do not go on, each reason once."""
    names_by_reason: dict[str, list[str]] = {}
    errors: dict[str, InvalidSetting] = {}
    for member, run in experiment.runs():
        if run is not None and run.status.state == "interrupted" and (error := run.status.error):
            errors[str(error)] = error
            name = f"{display_names.label(experiment.plan, member.values)} · {_('seed')} {member.config.seed}"
            names_by_reason.setdefault(str(error), []).append(name)
    for reason, names in names_by_reason.items():
        st.caption(_("{runs} failed; press Resume to go on:", runs="; ".join(names)))
        workspace.say(errors[reason])


def _say_awaited(outcomes: list[Outcome]) -> None:
    """Say which run a search waits for when nothing trains: the next is to know its result."""
    runs = [outcome.results[0] for outcome in outcomes]
    if any(run.state in ("running", "waiting") for run in runs):
        return
    for run in runs:
        if run.state not in ENDED:
            word = workspace.state_word(run.state)
            st.info(_("The search waits for run {number} ({state}): press Resume.", number=run.number, state=word))
            return


def _lines(experiment: Experiment, outcomes: list[Outcome], quantity: str) -> None:
    figure = figures.lines(experiment, outcomes, quantity)
    alt = _("A line for each setting: the mean of its seeds, with a band from the lowest to the highest")
    redrawn_figure(figure, key="experiments_lines", alt=alt)


def _conclusions(experiment: Experiment, outcomes: list[Outcome]) -> None:
    """Say what can be concluded, what cannot, and by which rule."""
    st.subheader(_("What these runs show"), anchor=False)
    for each in verdict.sentences(experiment, outcomes):
        st.markdown(f"- {markdown.plain(each)}")
    st.caption(verdict.rule(experiment))


def _several(experiment: Experiment, plan: Plan, outcomes: list[Outcome]) -> None:
    """Show a heat map of the first two settings, and parallel coordinates of more."""
    count = len(plan.axes)
    if count < 2:
        return
    heat = figures.heat_map(experiment, outcomes)
    redrawn_figure(heat, key="experiments_heat", alt=_("Mean accuracy over two settings"))
    if count > 2:
        open_run.figure_of_runs(figures.parallel(experiment, outcomes), "experiments_parallel")
