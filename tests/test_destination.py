"""pages/shared/lessons.py: a press opens its lesson, though a newer run of the page that is left comes between."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from pages.shared import lessons, streamlit_compat  # lessons before st.Page is another one

Leaves = list[tuple[str, dict[str, str]]]


def page() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import StopException

    from pages.shared import keys, lessons

    here = st.session_state["here"]
    if st.session_state.get("knows_page", True):
        st.session_state[keys.PAGE] = lessons.by_name(here).url_path
    st.button("go", on_click=lessons.go, args=(st.session_state["to"], st.session_state["query"]))
    with lessons.open_page(here):
        if st.session_state.get("interrupted"):
            raise StopException
        if st.session_state.get("fails"):
            raise ZeroDivisionError
        st.text("stayed")


@pytest.fixture
def leaves(monkeypatch: pytest.MonkeyPatch) -> Leaves:
    """Where the page was left for; each time a newer run of it comes between."""
    lost: Leaves = []

    def switch_page(page: Any, query_params: dict[str, str]) -> None:
        lost.append((page.url_path, query_params))
        raise StopException

    monkeypatch.setattr(st, "switch_page", switch_page)
    assert issubclass(lessons.LinkedPage, st.Page)
    monkeypatch.setattr(st, "Page", lambda _file, url_path, **_words: SimpleNamespace(url_path=url_path))
    return lost


def pressed(here: str, to: str, **query: str) -> AppTest:
    app = AppTest.from_function(page)
    app.session_state["here"], app.session_state["to"], app.session_state["query"] = here, to, query
    app.run()
    assert app.text
    return app.button[0].click().run()


def stays(app: AppTest) -> bool:
    return bool(app.run().text)


def test_the_page_is_left_again_until_the_lesson_is_open(leaves: Leaves) -> None:
    app = pressed("runs", "experiments", a="1")
    assert not stays(app)
    assert leaves == [("experiments", {"a": "1"})] * 2
    app.session_state["here"] = "experiments"
    assert stays(app)
    app.session_state["here"] = "runs"
    assert stays(app)
    assert len(leaves) == 2


def test_the_page_is_left_again_where_the_lesson_had_begun_and_was_interrupted(leaves: Leaves) -> None:
    app = pressed("runs", "experiments")
    app.session_state["here"], app.session_state["interrupted"] = "experiments", True
    assert not stays(app)
    app.session_state["here"] = "runs"
    assert not stays(app)
    assert len(leaves) == 2


def test_a_reader_who_goes_back_while_the_lesson_begins_is_not_sent_there_again(
    leaves: Leaves, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = pressed("runs", "experiments")
    app.session_state["here"], app.session_state["interrupted"] = "experiments", True
    assert not stays(app)
    app.session_state["here"], app.session_state["interrupted"] = "runs", False
    monkeypatch.setattr(streamlit_compat, "is_history_navigation", lambda: True)
    assert stays(app)
    monkeypatch.undo()
    assert stays(app)
    assert len(leaves) == 1


def test_a_lesson_that_fails_is_open(leaves: Leaves) -> None:
    app = pressed("runs", "experiments")
    app.session_state["here"], app.session_state["fails"] = "experiments", True
    assert not stays(app)
    app.session_state["here"], app.session_state["fails"] = "runs", False
    assert stays(app)
    assert len(leaves) == 1


def test_a_page_that_was_chosen_meanwhile_is_not_left(leaves: Leaves) -> None:
    app = pressed("runs", "experiments")
    app.session_state["here"] = "draw"
    assert stays(app)
    assert len(leaves) == 1


def test_a_page_is_left_for_itself_until_its_address_has_the_settings(leaves: Leaves) -> None:
    app = pressed("convolution", "convolution", convolution_part="stack")
    assert not stays(app)
    app.query_params["convolution_part"] = "stack"
    assert stays(app)
    assert leaves == [("convolution", {"convolution_part": "stack"})] * 2


def test_a_page_that_never_has_the_settings_is_shown_all_the_same(leaves: Leaves) -> None:
    app = pressed("convolution", "convolution", convolution_part="stack")
    assert [stays(app) for _ in range(6)] == [False] * 4 + [True] * 2
    assert len(leaves) == 5


def test_a_press_before_the_new_page_has_said_which_it_is_counts(leaves: Leaves) -> None:
    app = AppTest.from_function(page)
    app.session_state["here"], app.session_state["to"], app.session_state["query"] = "runs", "draw", {}
    app.session_state["knows_page"] = False
    app.run()
    app.button[0].click().run()
    assert leaves == [("draw", {})]
    app.session_state["here"] = "draw"
    assert stays(app)
