"""A new experiment: the question, settings with several values, seeds, and what it will cost."""

from __future__ import annotations

import streamlit as st

from core.errors import InvalidSetting
from core.experiments.plan import VARIED, Axis, Plan
from core.experiments.questions import QUESTIONS, by_code
from core.training.config import TrainConfig
from pages.parts.experiments import (
    address_fields,
    base_form,
    hypothesis_field,
    range_panel,
    search_form,
    start_button,
    values_form,
)
from pages.shared import address, workspace
from pages.shared.experiment_address import MOST_AXES, PREFIX, QUESTION, SETTINGS
from pages.shared.language import _


def show() -> None:
    """Show the form, and beside it the range test."""
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        way = address.choose(
            st.segmented_control,
            _("Which runs?"),
            ("grid", "search"),
            PREFIX + "way",
            format_func={"grid": _("Every combination of values"), "search": _("Search in ranges")}.__getitem__,
            required=True,
        )
        plan = search_form.plan() if way == "search" else _plan()
        place = start_button.show(plan)
    with right:
        if plan:
            range_panel.show(plan.base, with_values=way == "grid")
    if plan:
        start_button.say_cost(plan, place)


def _plan() -> Plan | None:
    """Show the controls and return the plan; None, and the reason, while it is impossible."""
    codes = tuple(question.code for question in QUESTIONS)
    left, right = st.columns([2.2, 1])
    with left:
        code = address.choose(
            st.selectbox,
            _("Question"),
            codes,
            QUESTION,
            format_func=lambda code: _(by_code(code).title),
            on_change=_take_question,
        )
    with right:
        seeds = address_fields.number(
            _("Seeds"),
            PREFIX + "seeds",
            3,
            help=_(
                "How often each setting is trained, each time from another seed. Fewer than 3 can show nothing."
            ),
        )
    try:
        axes = _axes(code)
        with st.expander(_("What all runs have in common")):
            base = base_form.settings(_start_of(code))
        hypothesis = hypothesis_field.show(f"{PREFIX}hypothesis_{code}", by_code(code).hypothesis)
        return Plan(base, axes, seeds, hypothesis)
    except InvalidSetting as error:
        workspace.say(error)
        return None


def _take_question() -> None:
    """Put the settings of the question, and of the runs that it begins with, into the controls."""
    code = st.session_state[QUESTION]
    base_form.fill(_start_of(code))
    st.session_state[SETTINGS] = [axis.setting for axis in by_code(code).axes]
    for axis in by_code(code).axes:
        st.session_state[PREFIX + axis.setting] = values_form.field_value(axis)


def _start_of(code: str) -> TrainConfig:
    """Return the configuration that a question begins with."""
    return TrainConfig(dataset="digits", threads=1).with_(**by_code(code).base)


def _axes(code: str) -> tuple[Axis, ...]:
    names, begin = workspace.setting_words(), {axis.setting: axis for axis in by_code(code).axes}
    varied = address_fields.several(
        _("Settings with several values"),
        VARIED,
        SETTINGS,
        list(begin),
        format_func=names.__getitem__,
        max_selections=MOST_AXES,
        placeholder=_("Choose a setting"),
    )
    return tuple(
        values_form.axis(setting, PREFIX + setting, begin.get(setting) or values_form.every(setting))
        for setting in varied
    )
