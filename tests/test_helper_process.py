"""What a page asks of the helper process, and how it stops waiting for it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import isolation
from pages.shared import helper_process, streamlit_compat


class NewerRun(BaseException):
    """What Streamlit raises where a newer message waits."""


def test_a_page_gets_the_result_and_the_refusal() -> None:
    def script() -> None:
        import math

        import streamlit as st

        from pages.shared import helper_process

        st.text(helper_process.call(math.factorial, 5))
        try:
            helper_process.call(math.factorial, -1)
        except ValueError as error:
            st.text(str(error))

    texts = AppTest.from_function(script, default_timeout=60).run().text
    assert texts[0].value == "120"
    assert "not defined for negative values" in texts[1].value


def test_a_newer_run_of_the_page_ends_the_wait_and_not_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, ended = threading.Event(), threading.Event()

    def call(*_arguments: Any, **_named: Any) -> None:
        assert go_on.wait(30)
        ended.set()

    def make_way() -> None:
        raise NewerRun

    monkeypatch.setattr(isolation, "call", call)
    monkeypatch.setattr(streamlit_compat, "in_session", lambda: True)
    monkeypatch.setattr(streamlit_compat, "make_way", make_way)
    monkeypatch.setattr(helper_process, "owner", lambda: "a session")
    with pytest.raises(NewerRun):
        helper_process.call(abs, -1)
    assert not ended.is_set()
    go_on.set()
    assert ended.wait(30)


def test_a_run_that_makes_way_goes_on_where_no_message_waits() -> None:
    def script() -> None:
        import streamlit as st

        from pages.shared import streamlit_compat

        streamlit_compat.make_way()
        st.text("nothing waits")

    assert AppTest.from_function(script).run().text[0].value == "nothing waits"
