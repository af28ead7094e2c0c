"""Guided journeys on the first page, and what the reader has done so far."""

from __future__ import annotations

import streamlit as st

from core import progress as kept
from core.errors import InvalidSetting
from core.journey import JOURNEYS
from pages.shared import journey, progress, workspace
from pages.shared.language import _

ASKS = "home_reset_asks"  # whether the reader is asked if they are sure


def show() -> None:
    """Show the journeys, each to begin or to resume, and the progress."""
    with st.container(key="home_journeys", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_('Guided journeys')}**")
        for name, each in JOURNEYS.items():
            _one(name, _(each.title), len(each.steps))
    _progress()


def _one(name: str, title: str, count: int) -> None:
    passed = journey.reached(name)
    if 0 < passed < count:
        label = _("{title}: resume at step {number} of {count}", title=title, number=passed + 1, count=count)
        st.button(label, key=f"home_resume_{name}", on_click=journey.begin, args=(name, passed))
    else:
        label = _("{title} ✓", title=title) if passed else title
        st.button(label, key=f"home_begin_{name}", on_click=journey.begin, args=(name,))


def _progress() -> None:
    """Show what was done, with its export, and a way to forget it."""
    entries = progress.entries()
    if not entries:
        return
    predictions, exercises = kept.score(entries, "prediction"), kept.score(entries, "exercise")
    with st.container(key="home_progress", horizontal=True, vertical_alignment="center"):
        st.markdown(
            _(
                "**Your progress:** {steps} {steps:step|steps} of journeys; predictions right at once: {right} "
                "of {all};"
                " exercises: {solved} of {tried}.",
                steps=len({entry.name for entry in entries if entry.kind == "step"}),
                right=predictions[0],
                all=predictions[1],
                solved=exercises[0],
                tried=exercises[1],
            )
        )
        st.download_button(
            _("Export as CSV"),
            kept.table(entries),
            "progress.csv",
            "text/csv",
            key="home_export",
            on_click="ignore",
        )
        if not st.session_state.get(ASKS):
            st.button(_("Reset"), key="home_reset", on_click=_ask, args=(True,))
            return
        st.markdown(_("Forget all of it?"))
        st.button(_("Yes, reset"), key="home_reset_do", type="primary", on_click=_reset)
        st.button(_("Cancel"), key="home_reset_keep", on_click=_ask, args=(False,))


def _ask(asks: bool) -> None:
    st.session_state[ASKS] = asks


def _reset() -> None:
    st.session_state[ASKS] = False
    try:
        progress.forget()
    except InvalidSetting as error:
        workspace.say(error)
