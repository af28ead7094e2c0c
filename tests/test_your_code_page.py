"""The page for your own program: who may run one, both languages, the programs on offer."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.script import token
from core.script.examples import examples
from pages.shared import keys

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def empty_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path))


def open_page(language: str = "en", stored: str | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    if stored is not None:
        app.session_state[keys.TOKEN] = stored
    return app.switch_page("pages/your_code.py").run()


@pytest.mark.parametrize(("language", "words"), [("en", "Your code:"), ("zh", "终端")])
def test_without_the_secret_the_page_says_where_it_is(language: str, words: str) -> None:
    app = open_page(language)
    assert not app.exception
    assert words in app.info[0].value
    assert keys.TOKEN not in app.session_state


def test_a_wrong_secret_opens_nothing() -> None:
    app = open_page(stored="wrong")
    assert app.info
    app.text_input(key="your_code_token").set_value("wrong")
    app.button[-1].click().run()
    assert not app.exception and app.info and app.error


def test_the_secret_opens_the_page() -> None:
    app = open_page()
    app.text_input(key="your_code_token").set_value(f"http://localhost:8501/your_code?token={token.secret()}")
    app.button[-1].click().run()
    assert not app.exception and not app.info


def test_a_ticket_opens_the_page_once_and_the_secret_is_kept() -> None:
    ticket = token.ticket()
    first, second = (AppTest.from_file(str(ROOT / "app.py"), default_timeout=60) for _ in range(2))
    for app in (first, second):
        app.query_params[token.KEY] = ticket
        app.run()
        assert not app.exception and token.KEY not in app.query_params
    assert first.session_state[keys.TOKEN] == token.secret()
    assert keys.TOKEN not in second.session_state


def test_there_is_a_program_for_each_tutorial_and_one_that_breaks() -> None:
    assert [one.key for one in examples()] == ["breaks", "lenet", "mnist", "autograd", "linear_fit", "two_layers"]
    for one in examples():
        compile(one.text, one.key, "exec")
