"""pages.shared.instruments: what an instrument is set to is in session and address, and the hand comes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.live.settings import Choice, Flag, Number, Text, read

ROOT = Path(__file__).resolve().parent.parent
MORE = (Flag("on"), Text("t", 4))
DECLARED = (
    Number("k", 1, 9, 3),
    Number("rate", 0.0, 1.0, 0.5, 0.1),
    Choice("kind", ("a", "b")),
    Flag("on"),
    Text("t", 4),
)


def script() -> None:
    """A page with one instrument; what it holds is written as JSON."""
    import json

    import streamlit as st

    from core.live.instrument import Instrument
    from pages.shared import instruments
    from tests.test_instruments import DECLARED

    instrument = Instrument("told", DECLARED, lambda ask: ask)
    if "report" in st.session_state:
        st.session_state["x_instrument"] = {"settings": st.session_state.pop("report")}
        instruments.keep_report(instrument, "x", "x_instrument")
        del st.session_state["x_instrument"]
    now = instruments.values(instrument, "x", ("t",))
    st.text(json.dumps([now, st.session_state.get("x_stamp", 0), st.session_state.get("x_count", 0)]))


def open_page(**address: str) -> AppTest:
    app = AppTest.from_function(script)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def state(app: AppTest) -> tuple[dict, int, int]:
    import json

    assert not app.exception, app.exception
    now, stamp, count = json.loads(app.text[0].value)
    return now, stamp, count


def test_an_address_without_settings_shows_where_they_start_and_stays_empty() -> None:
    app = open_page()
    assert state(app) == (read(DECLARED, {}), 0, 0)
    assert not dict(app.query_params)


@pytest.mark.parametrize("end", [0, 1])
def test_the_ends_of_every_setting_come_back_from_the_address(end: int) -> None:
    ends = {"k": (1, 9), "rate": (0.0, 1.0), "kind": ("a", "b"), "on": (False, True)}
    parameters = {each.name: each.text(ends[each.name][end]) for each in DECLARED if each.name != "t"}
    app = open_page(**{f"x_{name}": text for name, text in parameters.items()})
    now, stamp, _count = state(app)
    assert {name: now[name] for name in ends} == {name: both[end] for name, both in ends.items()}
    assert stamp == 1  # the address is the source: the drawing takes it over
    assert state(app.run())[1] == 1  # once


def test_what_the_hand_has_set_is_kept_and_written_into_the_address() -> None:
    app = open_page(x_k="5")
    app.session_state["report"] = {"settings": {"k": 7, "kind": "b", "t": "abc"}, "count": 4}
    now, stamp, count = state(app.run())
    assert (now["k"], now["kind"], now["t"], stamp, count) == (7, "b", "abc", 1, 4)
    assert {name: value[0] for name, value in app.query_params.items()} == {"x_k": "7", "x_kind": "b"}


@pytest.mark.parametrize(
    "report",
    [
        None,
        [],
        {"settings": {"k": 100}, "count": 1},
        {"settings": {"z": 1}, "count": 1},
        {"settings": {}, "count": "x"},
    ],
)
def test_a_report_that_is_impossible_changes_nothing(report: object) -> None:
    app = open_page(x_k="5")
    app.session_state["report"] = report
    assert state(app.run())[0]["k"] == 5


@pytest.mark.parametrize("text", ["0", "10", "x", "nan", "-inf", "2.5", "9" * 30])
def test_a_value_that_is_impossible_leaves_the_setting_where_it_was(text: str) -> None:
    assert state(open_page(x_k=text))[0]["k"] == 3
