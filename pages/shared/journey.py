"""A journey under way: the step where the reader is, and the guide (``static/js/frame/guide.js``)."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.journey import JOURNEYS
from core.journey.step import Step
from pages.shared import lessons, progress
from pages.shared.component import component
from pages.shared.language import _

AT = "journey_at"  # (journey, number of the step) in the session, while one is under way


class GuideWords(TypedDict):
    """What the guide's buttons say."""

    name: str
    next: str
    skip: str
    finish: str
    back: str
    leave: str
    there: str


class GuideData(TypedDict):
    """What the guide is given. ``address`` and ``element`` are the action that it waits for, as in ``Step``.

    ``position`` is ``under_way``: journey and step.
    """

    position: str
    step: int
    count: int
    here: bool
    says: str
    after: str
    at: str
    address: str
    element: str
    words: GuideWords


def begin(name: str, number: int = 0) -> None:
    """Begin journey ``name``, or resume it at a step. For callbacks."""
    st.session_state[AT] = (name, number)
    _open_page()


def under_way() -> str:
    """Return the journey under way and the number of its step, as "one_hour/3"; "" where there is none."""
    return "{}/{}".format(*st.session_state[AT]) if AT in st.session_state else ""


def resume(position: str) -> None:
    """Go on with a journey that was ``under_way`` in an earlier session, on whatever page the reader is."""
    name, _slash, number = position.partition("/")
    if AT in st.session_state or name not in JOURNEYS or not number.isdecimal():
        return
    if int(number) < len(JOURNEYS[name].steps):
        st.session_state[AT] = (name, int(number))


def reached(name: str) -> int:
    """Return how many steps of journey ``name`` lie behind the reader: the number of the next one."""
    numbers = {f"{name}/{step.name}": n for n, step in enumerate(JOURNEYS[name].steps, 1)}
    passed = [numbers[entry.name] for entry in progress.entries() if entry.kind == "step" and entry.name in numbers]
    return passed[-1] if passed else 0


def guide(here: str) -> None:
    """Show the guide on lesson ``here`` while a journey is under way."""
    if AT not in st.session_state:
        return
    name, number = st.session_state[AT]
    step = JOURNEYS[name].steps[number]
    component("frame/guide")(data=_data(name, number, step, here), key="guide", on_move_change=_moved)


def _data(name: str, number: int, step: Step, here: str) -> GuideData:
    is_here = step.lesson == here
    elsewhere = _("The journey goes on at: {lesson}", lesson=_(lessons.by_name(step.lesson).title))
    return {
        "position": under_way(),
        "step": number,
        "count": len(JOURNEYS[name].steps),
        "here": is_here,
        "says": _(step.says) if is_here else elsewhere,
        "after": _(step.after) if is_here and step.after else "",
        "at": step.at if is_here else "",
        "address": step.address if is_here else "",
        "element": step.element if is_here else "",
        "words": {
            "name": _("Guided journey"),
            "next": _("Next"),
            "skip": _("Skip"),
            "finish": _("Finish"),
            "back": _("Back"),
            "leave": _("Leave"),
            "there": _("Go there"),
        },
    }


def _moved() -> None:
    """Take what the guide reports: the way on, back, there or out."""
    report = (st.session_state.get("guide") or {}).get("move")
    if not isinstance(report, dict) or AT not in st.session_state:
        return
    name, number = st.session_state[AT]
    if report.get("step") != number:
        return  # pressed twice
    match report.get("to"):
        case "next":
            _pass(name, number, report.get("done") is True)
        case "back" if number > 0:
            begin(name, number - 1)
        case "there":
            _open_page()
        case "leave":
            del st.session_state[AT]


def _open_page() -> None:
    name, number = st.session_state[AT]
    step = JOURNEYS[name].steps[number]
    lessons.go(step.lesson, step.query)


def _pass(name: str, number: int, is_done: bool) -> None:
    steps = JOURNEYS[name].steps
    progress.note("step", f"{name}/{steps[number].name}", "done" if is_done else "skipped")
    if number + 1 < len(steps):
        begin(name, number + 1)
    else:
        del st.session_state[AT]
