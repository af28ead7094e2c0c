"""A journey under way: the station where the reader is, and the guide (``static/js/frame/guide.js``)."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.journey import JOURNEYS
from core.journey.station import Station
from pages.shared import lessons, progress
from pages.shared.component import component
from pages.shared.language import _

AT = "journey_at"  # (journey, number of the station) in the session, while one is under way
GO = "journey_go"  # set when the page of the station is to be opened


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
    """What the guide is given. ``address`` and ``element`` are the deed that it waits for, as in ``Station``."""

    station: int
    count: int
    here: bool
    says: str
    after: str
    at: str
    address: str
    element: str
    words: GuideWords


def begin(name: str, number: int = 0) -> None:
    """Begin journey ``name``, or resume it at a station. For callbacks."""
    st.session_state[AT] = (name, number)
    st.session_state[GO] = True


def under_way() -> str:
    """Return the journey under way and the number of its station, as "one_hour/3"; "" where there is none."""
    return "{}/{}".format(*st.session_state[AT]) if AT in st.session_state else ""


def resume(position: str) -> None:
    """Go on with a journey that was ``under_way`` in an earlier session, on whatever page the reader is."""
    name, _slash, number = position.partition("/")
    if AT in st.session_state or name not in JOURNEYS or not number.isdecimal():
        return
    if int(number) < len(JOURNEYS[name].stations):
        st.session_state[AT] = (name, int(number))


def reached(name: str) -> int:
    """Return how many stations of journey ``name`` lie behind the reader: the number of the next one."""
    numbers = {f"{name}/{station.name}": n for n, station in enumerate(JOURNEYS[name].stations, 1)}
    passed = [numbers[deed.name] for deed in progress.deeds() if deed.kind == "step" and deed.name in numbers]
    return passed[-1] if passed else 0


def guide(here: str) -> None:
    """Show the guide on lesson ``here`` while a journey is under way; open the station's page where that is due."""
    if AT not in st.session_state:
        return
    name, number = st.session_state[AT]
    station = JOURNEYS[name].stations[number]
    if st.session_state.pop(GO, False):
        lessons.go(station.lesson, station.query)
    component("frame/guide")(data=_data(name, number, station, here), key="guide", on_move_change=_moved)


def _data(name: str, number: int, station: Station, here: str) -> GuideData:
    is_here = station.lesson == here
    elsewhere = _("The journey goes on at: {lesson}", lesson=_(lessons.by_name(station.lesson).title))
    return {
        "station": number,
        "count": len(JOURNEYS[name].stations),
        "here": is_here,
        "says": _(station.says) if is_here else elsewhere,
        "after": _(station.after) if is_here and station.after else "",
        "at": station.at if is_here else "",
        "address": station.address if is_here else "",
        "element": station.element if is_here else "",
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
    if report.get("station") != number:
        return  # pressed twice
    match report.get("to"):
        case "next":
            _pass(name, number, report.get("done") is True)
        case "back" if number > 0:
            begin(name, number - 1)
        case "there":
            st.session_state[GO] = True
        case "leave":
            del st.session_state[AT]


def _pass(name: str, number: int, is_done: bool) -> None:
    stations = JOURNEYS[name].stations
    progress.note("step", f"{name}/{stations[number].name}", "done" if is_done else "skipped")
    if number + 1 < len(stations):
        begin(name, number + 1)
    else:
        del st.session_state[AT]
