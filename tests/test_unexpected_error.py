"""pages/shared/unexpected_error.py: what a page, fragment or callback raises is a sentence with a way on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import websocket_user
from benchmarks.websocket_user import ShownPage, User
from core.i18n import translate
from tests.browser import chromium
from tests.conftest import ROOT

Served = tuple[str, str, Path]
FAILURE = "An unexpected error on this page: {kind}. Nothing else is affected."
APP = """
import sys
import streamlit as st
from core.errors import N_, InvalidSetting
from pages.shared import language, unexpected_error

def fail():
    raise KeyError("the callback's")

@st.fragment
def part():
    if st.query_params.get("fail") == "fragment":
        raise ZeroDivisionError("the fragment's")
    st.button("press", key="press", on_click=fail)

if st.runtime.exists():
    language.choose()
    with unexpected_error.exits():
        st.write("before")
        part()
        wanted = st.query_params.get("fail")
        if wanted == "page":
            raise LookupError("the page's <b>own</b>")
        if wanted == "invalid":
            raise InvalidSetting(N_("kernel {kernel} is larger than the padded input {size}"), kernel=7, size=5)
        if wanted == "exit":
            sys.exit(3)
        if wanted == "twice":
            for _number in range(2):
                unexpected_error.show(LookupError("again"))
        st.write("after")
else:
    app = st.App(__file__, on_script_error=unexpected_error.show)
"""


@pytest.fixture(scope="module", params=["own", "classroom"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of an app that fails as it is asked to: who has it, its address, and the file of its log."""
    folder = tmp_path_factory.mktemp("failing")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    log = folder / "log"
    classroom = {"STEPWISE_CLASSROOM": "1"} if request.param == "classroom" else {}
    address, process = chromium.launch(
        {"PYTHONPATH": str(ROOT), **classroom},
        ("--client.showErrorDetails=type", "--server.fileWatcherType=none"),
        folder=folder,
        log=log,
    )
    try:
        chromium.wait_until_healthy(address, process)
        yield request.param, address, log
    finally:
        chromium.end(process)


def visit(address: str, query: str, press: str = "") -> ShownPage:
    async def go() -> ShownPage:
        user = User(address)
        page = await user.open(f"?{query}")
        if press:
            page = await user.press(press)
        await user.close()
        return page

    return websocket_user.run(go())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("query", "press", "kind"),
    [
        ("fail=page", "", "LookupError"),
        ("fail=fragment", "", "ZeroDivisionError"),
        ("fail=exit", "", "ScriptExit"),
        ("", "press", "KeyError"),
        ("fail=twice", "", "LookupError"),
    ],
)
@pytest.mark.heavy
def test_what_fails_is_a_sentence_with_a_way_on(
    served: Served, language: str, query: str, press: str, kind: str
) -> None:
    who, address, log = served
    page = visit(address, f"{query}&lang={language}", press)
    assert translate(language, FAILURE, kind=kind) in page.text
    assert page.unforeseen == (2 if "twice" in query else 1)
    assert f"?lang={language}" in page.text, "a link to the page with nothing set"
    assert "redacted" not in page.text
    assert bool(page.errors) == (who == "own"), "the traceback is for whose server it is"
    assert '"event": "page failed"' in log.read_text(encoding="utf-8")


def test_an_invalid_setting_outside_its_place_is_its_own_sentence_without_a_traceback(served: Served) -> None:
    page = visit(served[1], "fail=invalid&lang=en")
    assert "kernel 7 is larger than the padded input 5" in page.text
    assert not page.errors and page.unforeseen == 1


def test_the_page_works_again_afterwards(served: Served) -> None:
    assert visit(served[1], "lang=en").texts[-1] == "after"
