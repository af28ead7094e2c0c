"""Train and Runs without a browser: what they refuse, what they show of a run, and in both languages."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.settings import PROJECT
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.run_folder import RunFolder
from core.training.session import Session
from pages.parts.train import live
from pages.shared import workspace

TYPED = "<b>x</b> **y** $z$ :red[w]"
SECONDS = 60


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of runs that the pages under test use."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPWISE_RUNS", str(folder))
        patch.setattr("pages.shared.jobs.Jobs", partial(Jobs, standby=False))  # no process for these tests
        st.cache_resource.clear()
        yield folder


def train(root: Path, name: str, batch_size: int = 256, **settings: object) -> RunFolder:
    """Train a small run to its end in this process."""
    config = TrainConfig(dataset="digits", epochs=1, threads=1, batch_size=batch_size, **settings)
    run = run_folder.create(root, config, name)
    Session(run.path, queue.Queue(), lambda **_message: None).run()
    return run


@pytest.fixture(scope="module")
def runs(root: Path) -> list[RunFolder]:
    """Two finished runs that differ in one setting, and one that diverged."""
    return [
        train(root, TYPED),
        train(root, "faster", learning_rate=0.1),
        train(root, "off", batch_size=64, learning_rate=900.0),
    ]


def page(name: str, language: str = "en", **query: str) -> AppTest:
    """Open a page with these settings in its address."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=SECONDS)
    app.session_state["lang"] = language
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, app.exception
    return app


def test_the_images_are_as_many_as_the_page_says() -> None:
    from core import datasets

    digits = datasets.load("digits")
    assert workspace.IMAGES["digits"] == (len(digits.train_images), len(digits.test_images))


def test_a_run_is_looked_at_more_than_five_times_a_second() -> None:
    assert live.EVERY < 1 / 5


@pytest.mark.usefixtures("root")
def test_what_cannot_be_is_refused_with_its_reason_and_start_is_disabled() -> None:
    app = page("train", run="new")
    app.number_input("train_learning_rate").set_value(-1.0).run()
    assert "Learning rate must be a number from 0 to 1000" in app.error[0].value.replace("\\", "")
    assert app.button("train_go").disabled
    app.number_input("train_learning_rate").set_value(0.1).run()
    assert not app.error
    assert not app.button("train_go").disabled


@pytest.mark.usefixtures("root")
def test_the_controls_start_with_the_tutorials_values() -> None:
    app = page("train", run="new")
    found = {name: app.number_input(f"train_{name}").value for name in ("epochs", "batch_size", "test_batch_size")}
    assert found == {"epochs": 3, "batch_size": 64, "test_batch_size": 1000}
    assert app.number_input("train_learning_rate").value == 0.01
    assert app.number_input("train_momentum").value == 0.5
    assert app.number_input("train_log_interval").value == 10
    assert app.number_input("train_seed").value == 1
    assert app.selectbox("train_optimizer").value == "sgd"


@pytest.mark.usefixtures("root")
def test_nesterov_without_momentum_is_refused() -> None:
    app = page("train", run="new")
    app.selectbox("train_optimizer").set_value("nesterov")
    app.number_input("train_momentum").set_value(0.0).run()
    assert "Nesterov" in app.error[0].value
    assert app.button("train_go").disabled


@pytest.mark.usefixtures("root")
def test_a_network_built_on_the_convolution_page_is_a_choice_and_one_that_cannot_be_is_refused() -> None:
    rows = "stack:1x28x28~conv-o4-k5~max-k4~relu~flatten~linear-i144-o10"
    app = page("train", run="new", train_network=rows)
    assert app.selectbox("train_network").value == rows
    assert not app.button("train_go").disabled
    app.selectbox("train_network").set_value("lenet5").run()
    assert app.selectbox("train_network").value == "lenet5"
    app = page("train", run="new", train_network=rows.replace("i144", "i145"))
    assert app.button("train_go").disabled
    assert "145" in app.error[0].value
    app.selectbox("train_network").set_value("mnist").run()
    assert not app.error and not app.button("train_go").disabled


def test_a_finished_run_shows_its_settings_and_no_button_that_means_nothing(runs: list[RunFolder]) -> None:
    app = page("train", run=runs[0].id)
    enabled = {name: not app.button(f"train_{name}").disabled for name in ("go", "pause", "batch", "epoch", "stop")}
    assert not any(enabled.values())
    assert not app.button("train_new").disabled
    assert TYPED in [text.value for text in app.text]


def test_a_diverged_run_says_when_at_which_rate_and_what_to_try(runs: list[RunFolder]) -> None:
    assert runs[2].status().state == "diverged"
    app = page("train", run=runs[2].id)
    assert "at learning rate 900" in app.error[0].value
    assert app.button("train_retry").label == "Start again with learning rate 90"


@pytest.mark.usefixtures("root")
def test_an_unknown_run_in_the_address_is_answered_with_a_sentence() -> None:
    app = page("train", run="../../etc")
    assert "no such run" in app.warning[0].value


def test_the_difference_of_two_runs_is_exactly_what_differs(runs: list[RunFolder]) -> None:
    app = page("runs", runs_compare=f"{runs[0].id},{runs[1].id}")
    frame = app.dataframe[1].value
    assert frame["setting"].tolist() == ["Learning rate"]
    assert frame[runs[0].id].tolist() == ["0.01"]
    assert frame[runs[1].id].tolist() == ["0.1"]


def test_the_table_holds_every_run_and_the_filter_leaves_what_was_asked_for(runs: list[RunFolder]) -> None:
    app = page("runs")
    table = app.dataframe[0].value
    assert set(table["name"]) == {run.name for run in runs}
    best = dict(zip(table["name"], table["best"], strict=True))
    assert best["faster"] == pytest.approx(100 * runs[1].status().best_accuracy)
    app.text_input("runs_words").set_value("FASTER digits").run()
    assert app.dataframe[0].value["name"].tolist() == ["faster"]


@pytest.mark.parametrize("name", ["train", "runs"])
def test_both_pages_speak_chinese(runs: list[RunFolder], name: str) -> None:
    app = page(name, "zh", run=runs[0].id)
    shown = " ".join([app.title[0].value, *(button.label for button in app.button)])
    assert "训练" in shown
    assert "Run" not in shown
