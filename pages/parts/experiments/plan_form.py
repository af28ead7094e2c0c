"""A new experiment: the question, settings with several values, seeds, and what it will cost."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import datasets
from core.classroom.settings import is_classroom
from core.errors import InvalidSetting
from core.experiments import group
from core.experiments.estimate import Probe, estimate, probe
from core.experiments.plan import HYPOTHESIS_MAX, VARIED, Axis, Plan, options, parse
from core.experiments.questions import QUESTIONS, by_code
from core.networks import registry
from core.training.config import OPTIMIZERS, TrainConfig
from pages.parts.experiments import choice, range_panel
from pages.shared import address, frame, isolated, workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

PREFIX = "experiments_"
MOST_AXES = 4
SECONDS = 60.0  # that a measurement may take
NUMBERS = ("epochs", "batch_size", "learning_rate", "momentum")
NOTICE = PREFIX + "notice"


def show() -> None:
    """Show the form, and beside it the range test."""
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        plan = _plan()
        if plan:
            _start(plan)
    with right:
        if plan:
            range_panel.show(plan.base)


def _plan() -> Plan | None:
    """Show the controls and return the plan; None, and the reason, while it is impossible."""
    codes = tuple(question.code for question in QUESTIONS)
    code = address.choose(
        st.selectbox,
        _("Question"),
        codes,
        PREFIX + "question",
        format_func=lambda code: _(by_code(code).title),
        on_change=_take_question,
    )
    if PREFIX + "settings" not in st.session_state:
        _fill(code)
    try:
        axes = _axes()
        seeds = st.number_input(
            _("Seeds"),
            value=3,
            step=1,
            key=PREFIX + "seeds",
            bind="query-params",
            persist_state="session",
            help=_(
                "How often each setting is trained, each time from another seed. Fewer than 3 can show nothing."
            ),
        )
        with st.expander(_("What all runs have in common")):
            base = _base(_start_of(code))
        hypothesis = st.text_input(
            _("Hypothesis"),
            _(by_code(code).hypothesis),
            key=f"{PREFIX}hypothesis_{code}",
            max_chars=HYPOTHESIS_MAX,
            persist_state="session",
            help=_("What you expect. It is kept with the results."),
        )
        return Plan(base, axes, seeds, (hypothesis or "").strip())
    except InvalidSetting as error:
        workspace.say(error)
        return None


def _take_question() -> None:
    code = st.session_state[PREFIX + "question"]
    _fill(code)
    for name in NUMBERS:
        st.session_state[f"{PREFIX}base_{name}"] = getattr(_start_of(code), name)


def _start_of(code: str) -> TrainConfig:
    """Return the configuration that a question begins with."""
    return TrainConfig(dataset="digits", threads=1).with_(**by_code(code).base)


def _fill(code: str) -> None:
    """Put the settings of a question into the controls."""
    question = by_code(code)
    st.session_state[PREFIX + "settings"] = [axis.setting for axis in question.axes]
    for axis in question.axes:
        st.session_state[PREFIX + axis.setting] = _kept(axis)


def _kept(axis: Axis) -> Any:
    if _choices(axis.setting):
        return [_code(value) for value in axis.values]
    return ", ".join(f"{value:g}" for value in axis.values)


def _code(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _choices(setting: str) -> tuple[str, ...]:
    """Return the codes of a setting whose values are chosen, () where they are typed."""
    if setting == "dropout":
        return ("true", "false")
    if setting == "network":
        return tuple(registry.DIGIT_NETS)
    return datasets.available() if setting == "dataset" else options(setting)


def _axes() -> tuple[Axis, ...]:
    names = workspace.setting_words()
    chosen = st.multiselect(
        _("Settings with several values"),
        VARIED,
        key=PREFIX + "settings",
        format_func=names.__getitem__,
        max_selections=MOST_AXES,
        persist_state="session",
        placeholder=_("Choose a setting"),
    )
    return tuple(Axis(setting, _values(setting, names[setting])) for setting in chosen)


def _values(setting: str, name: str) -> tuple[Any, ...]:
    """Let the values of a setting be chosen, or typed with commas between them."""
    key, codes = PREFIX + setting, _choices(setting)
    if not codes:
        text = st.text_input(name, key=key, persist_state="session", placeholder=_("values, with commas between"))
        return parse(setting, text or "")
    config = TrainConfig(dataset="digits")

    def word(code: str) -> str:
        return workspace.setting_value(setting, config.with_(**{setting: parse(setting, code)[0]}))

    picked = st.multiselect(
        name, codes, key=key, format_func=word, persist_state="session", placeholder=_("Choose values")
    )
    return tuple(parse(setting, code)[0] for code in picked)


def _base(start: TrainConfig) -> TrainConfig:
    """Show what all runs share; settings that are varied are overridden by their values."""
    names = workspace.setting_words()
    left, right = st.columns(2)
    values: dict[str, Any] = {}
    with left:
        values["dataset"] = address.choose(
            st.selectbox,
            names["dataset"],
            datasets.available(),
            PREFIX + "base_dataset",
            default="digits",
            format_func=workspace.DATASETS.__getitem__,
        )
        values["epochs"] = _number("epochs", start, 1)
        values["learning_rate"] = _number("learning_rate", start, 0.01)
    with right:
        values["optimizer"] = address.choose(
            st.selectbox,
            names["optimizer"],
            OPTIMIZERS,
            PREFIX + "base_optimizer",
            default=start.optimizer,
            format_func=workspace.OPTIMIZERS.__getitem__,
        )
        values["batch_size"] = _number("batch_size", start, 1)
        values["momentum"] = _number("momentum", start, 0.1)
    return TrainConfig(**values, threads=1)


def _number(name: str, start: TrainConfig, step: float) -> Any:
    return st.number_input(
        workspace.setting_words()[name],
        value=getattr(start, name),
        step=step,
        format="%d" if isinstance(step, int) else "%g",
        key=f"{PREFIX}base_{name}",
        bind="query-params",
        persist_state="session",
    )


@st.cache_data(show_spinner=False, max_entries=50)
def _measured(config: str) -> Probe:
    return isolated.call(probe, TrainConfig.from_json(config), limits=isolated.Limits(SECONDS, 2_000))


def _start(plan: Plan) -> None:
    """Say what the plan costs, and offer to start it."""
    st.button(
        _("Start {count} runs", count=plan.count),
        key=PREFIX + "start",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_begin,
        args=(plan,),
    )
    for sentence in st.session_state.pop(NOTICE, []):
        st.error(frame.plain(sentence))
    at_once = jobs().pool.limit
    try:
        cost = estimate(plan, _measured(plan.base.with_(seed=1).to_json()), at_once)
    except InvalidSetting as error:
        workspace.say(error)
        return
    st.caption(
        _(
            "{count} runs, {most} at once: about {time} and {size} MB of the disk. They go on when this page is"
            " closed.",
            count=cost.runs,
            most=min(at_once, cost.runs),
            time=workspace.duration(max(1.0, cost.seconds)),
            size=max(1, round(cost.size / 1e6)),
        )
    )
    if is_classroom():
        st.caption(_("In a classroom few of them wait at once: while this page is open it starts the next ones."))


def _begin(plan: Plan) -> None:
    try:
        experiment = group.create(workspace.root(), plan)
        choice.show(experiment.id)
        group.advance(experiment, jobs(), owner())
    except InvalidSetting as error:
        st.session_state[NOTICE] = [str(error)]
