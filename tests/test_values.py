"""Invalid values, by address, by widget and by file: refused with the reason or shown as plain text."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from core.errors import InvalidSetting
from core.networks import stack
from core.training import run_folder
from core.training.config import REAL, WHOLE, TrainConfig
from core.training.run_folder import NAME_MAX, RunFolder, clean_name
from pages.shared.lessons import LESSONS
from tests.examples import up_to
from tests.pace import at_once

ROOT = Path(__file__).resolve().parent.parent
MARKUP = "<img src=x onerror=alert(1)> **bold** $x^2$ :red[x] [a](javascript:alert(1))"
NUMBERS = ("1000000000", "nan", "inf", "-inf", "1e999", "-1", "1e30", "0", "18446744073709551616")
TEXTS = ("", "../../etc/passwd", MARKUP, "🙂é中\u202e\u0000", "x" * 10_000, "[[1,2],[3]]", "1,2,3", "true")
SHOWS = ("markdown", "caption", "error", "warning", "info", "success", "title", "header", "subheader")
ODD = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(2**70), 2**70),
    st.sampled_from([10**9, -1, 0, 1e30, 2**64, 10**4000, True, None, MARKUP, "1", [1], {"a": 1}, "x" * 10_000]),
)


@pytest.fixture(autouse=True)
def nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("STEPWISE_DATA", str(tmp_path / "data"))


def open_page(file: str, **address: str) -> AppTest:
    """Open the page in ``pages/<file>.py`` with that address, as a link does."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.run()  # without it AppTest runs the page alone, outside its frame
    for key, value in address.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{file}.py").run()


def keys(app: AppTest) -> set[str]:
    """Return the keys of all widgets on the page, its sidebar included: they are the names in the address."""
    numbers: set[str] = set()

    def walk(block: Any) -> None:
        for child in getattr(block, "children", {}).values():
            if getattr(child, "key", None):
                numbers.add(child.key)
            walk(child)

    walk(app.main)
    walk(app.sidebar)
    return numbers | {"run", "train_from", "lang"}


def interpreted(app: AppTest) -> list[str]:
    """Return the texts on the page that would be interpreted as the markup that was put in."""
    values = [element.value for kind in SHOWS for element in getattr(app, kind)]
    return [text for text in values if "<img src=x" in text.replace("\\<", "")]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_an_address_that_cannot_be_shows_a_page_and_never_a_traceback(lesson) -> None:
    names = sorted(keys(open_page(lesson.name)))
    values = NUMBERS + TEXTS
    for shift in range(0, len(values), 3):  # each name meets every third value, its neighbours the others
        choice = {name: values[(shift + place) % len(values)] for place, name in enumerate(names)}
        app = open_page(lesson.name, **choice)
        assert not app.exception, (choice, [error.value for error in app.exception])
        assert app.title, choice
        assert not interpreted(app), choice


def test_what_is_typed_into_the_training_page_is_refused_or_shown_as_it_is() -> None:
    app = open_page("train")
    for key, value in (("train_epochs", 10**9), ("train_learning_rate", float("nan")), ("train_batch_size", 0)):
        assert any(takes_as_long_as_usual(app, key, value) for _ in range(3)), key
    for text in (MARKUP, "x" * 10_000, "../../etc", "🙂"):
        app.text_input(key="train_name").set_value(text).run()
        assert not app.exception
        assert not interpreted(app)


def takes_as_long_as_usual(app: AppTest, key: str, value: float) -> bool:
    """Type ``value`` into a field and take it back; return whether the page computed no more with it."""
    before = app.number_input(key=key).value
    app.number_input(key=key).set_value(value)
    duration = seconds(app)
    assert not app.exception, key
    app.number_input(key=key).set_value(before)
    return duration < 4 * seconds(app)


def seconds(app: AppTest) -> float:
    """Run the page and return the processor time of that."""
    start = time.process_time()
    app.run()
    return time.process_time() - start


@given(st.sampled_from([*WHOLE, *REAL, "dataset", "network", "optimizer", "device", "dropout", "parent"]), ODD)
@example("learning_rate", float("inf"))
@example("epochs", 10**9)
@example("seed", 2**64)
@settings(max_examples=up_to(300))
def test_a_setting_is_within_its_bounds_or_refused_at_once(name: str, value: Any) -> None:
    def make() -> None:
        try:
            config = TrainConfig(**{name: value})
        except InvalidSetting as error:
            assert len(str(error)) < 500
        else:
            low, high = {**WHOLE, **REAL}.get(name, (None, None))
            assert low is None or low <= getattr(config, name) <= high
            assert TrainConfig.from_json(config.to_json()) == config

    assert at_once(make)


@given(st.text(max_size=3000) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
@example("[" * 15_000)
@example('{"epochs": 1e999}')
@example('{"learning_rate": NaN}')
@example('{"seed": ' + "9" * 4000 + "}")
def test_a_file_of_settings_is_read_or_refused_at_once(text: str) -> None:
    def read() -> None:
        try:
            TrainConfig.from_json(text)
        except InvalidSetting as error:
            assert len(str(error)) < 500

    assert at_once(read)


@given(st.text(max_size=500))
@example("a" * 10_000)
@example("\u202e\u0000\x1b[31m")
@example(MARKUP)
def test_a_name_is_one_line_of_plain_text_or_refused(name: str) -> None:
    try:
        cleaned = clean_name(name)
    except InvalidSetting:
        assert len(name) > NAME_MAX or not any(char.isprintable() and not char.isspace() for char in name)
    else:
        assert cleaned.isprintable()
        assert 0 < len(cleaned) <= NAME_MAX


@given(st.text(max_size=60))
@example("../x")
@example("..")
@example("/etc/passwd")
@example("con")
@example("a\x00b")
@example("a" * 41)
def test_no_text_is_a_run_that_is_not_there_or_a_path_out_of_the_folder(tmp_path_factory, text: str) -> None:
    root = tmp_path_factory.getbasetemp() / "runs"
    with pytest.raises(InvalidSetting):
        RunFolder(root, text)
    with pytest.raises(InvalidSetting):
        run_folder.delete(root, text)


@given(st.text(max_size=400))
@example("1x28x28;" + "conv 9999999999 3;" * 40)
@example("999999999x999999999x999999999")
@example("(" * 3000)
def test_a_network_in_words_is_read_or_refused_at_once(text: str) -> None:
    def read() -> None:
        try:
            stack.parse(text)
        except InvalidSetting as error:
            assert len(str(error)) < 2000

    assert at_once(read)
