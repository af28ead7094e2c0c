"""Train and Runs without a browser: what they refuse, what they show of a run, and in both languages."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from core.examination import Finding
from core.live.run import open_run
from core.live.run.command import possible
from core.settings import PROJECT
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.files import Lock
from core.training.jobs import Jobs
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from core.training.run_labels import decimal
from core.training.status import WORKER_LOCK, write_status
from pages.parts.runs import table
from pages.parts.train import live
from pages.shared import workspace
from tests.training.lives import WhenPaused

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
    RunController(run.path, queue.Queue(), lambda **_message: None).run()
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
    values = {name: app.number_input(f"train_{name}").value for name in ("epochs", "batch_size", "test_batch_size")}
    assert values == {"epochs": 3, "batch_size": 64, "test_batch_size": 1000}
    assert app.number_input("train_learning_rate").value == 0.01
    assert app.number_input("train_momentum").value == 0.5
    assert app.number_input("train_log_interval").value == 10
    assert app.number_input("train_seed").value == 1
    assert app.selectbox("train_optimizer").value == "sgd"


@pytest.mark.usefixtures("root")
@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This machine has no CUDA: the run trains on the CPU."),
        ("zh", "这台机器没有 CUDA：训练将在 CPU 上进行。"),
    ],
)
def test_a_card_that_the_address_asks_for_and_that_is_not_here_is_said(language: str, sentence: str) -> None:
    app = page("train", language, train_device="cuda")
    assert not app.exception
    assert app.selectbox(key="train_device").value == "cpu"
    assert sentence in [caption.value for caption in app.caption]


@pytest.mark.parametrize(("language", "words"), [("en", "The experiment that shows it"), ("zh", "能说明它的实验")])
def test_a_finding_leads_to_its_experiment(runs: list[RunFolder], language: str, words: str) -> None:
    app = page("train", language, run=runs[2].id, train_tab="examination")
    assert app.warning, "it diverged"
    links = [link.proto for link in app.get("page_link")]
    (query,) = [parse_qs(link.query_string) for link in links if link.label.startswith(words)][:1]
    assert query["experiments_question"] == ["learning_rate"]
    assert query["experiments_learning_rate"][0].split(",")[-1] == "900"
    assert query["experiments_base_dataset"] == ["digits"] and query["experiments_base_batch_size"] == ["64"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "A small program that shows it"), ("zh", "能说明它的小程序")]
)
def test_a_finding_that_no_setting_causes_leads_to_the_program_that_shows_it(
    runs: list[RunFolder], monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    finding = Finding("not_in_optimizer", "{name} is not among the optimizer's parameters", {"name": "fc2.weight"})
    monkeypatch.setattr("pages.parts.train.examination.diagnose", lambda _record: (finding,))
    app = page("train", language, run=runs[2].id, train_tab="examination")
    (link,) = [each.proto for each in app.get("page_link") if each.proto.label.startswith(words)]
    (query,) = parse_qs(link.query_string).items()
    assert query == ("what_goes_wrong_entry", ["31_not_in_optimizer"])
    opened_page = page("what_goes_wrong", language, what_goes_wrong_entry=query[1][0])
    assert opened_page.radio(key=query[0]).value == "31_not_in_optimizer"


def test_the_empty_chart_of_train_is_as_long_as_the_run_that_is_prepared() -> None:
    app = page("train", run="new", train_dataset="digits", train_epochs="4")
    app.number_input("train_epochs").set_value(2).run()
    lengths = [examples for *_names, examples in app.session_state[live.OFFERED]]
    assert lengths == [4 * workspace.IMAGES["digits"][0], 2 * workspace.IMAGES["digits"][0]]
    app.number_input("train_learning_rate").set_value(-1.0).run()  # impossible: as long as it is by default
    assert app.button("train_go").disabled and len(app.session_state[live.OFFERED]) == 3


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
    toolbar = {button.key: button.disabled for button in app.button if button.key.startswith("train_")}
    assert toolbar.keys() & {f"train_{name}" for name in ("go", "pause", "batch", "epoch", "stop")} == set()
    assert not toolbar["train_new"] and not drawings(app, "train_buttons") and not drawings(app, "train_rate")
    accuracy = runs[0].status().accuracy
    assert f"{accuracy:.2%} of the test images" in app.success[0].value
    assert TYPED in [text.value for text in app.text]


def test_a_diverged_run_says_when_at_which_rate_and_what_to_try(runs: list[RunFolder]) -> None:
    assert runs[2].status().state == "diverged"
    app = page("train", run=runs[2].id)
    assert "at learning rate 900" in app.error[0].value
    assert app.button("train_retry").label == "Start again with learning rate 90"


def test_the_table_of_runs_shows_what_differs_and_hides_the_rest(runs: list[RunFolder]) -> None:
    assert len(runs) > 1
    columns = json.loads(page("runs").dataframe[0].proto.columns)
    hidden_names = {name for name, column in columns.items() if column and column.get("hidden")}
    assert {"network", "seed", "threads", "device"} <= hidden_names
    assert "progress" in hidden_names  # the diverged one stopped early, but nothing is under way
    assert not hidden_names & {"name", "state", "best", "created", "learning_rate"}


def test_a_long_name_of_a_run_takes_no_more_than_its_share_of_the_table(runs: list[RunFolder]) -> None:
    def name_width() -> object:
        return (json.loads(page("runs").dataframe[0].proto.columns)["name"] or {}).get("width")

    assert name_width() is None  # as wide as its longest
    runs[0].rename("as long a name as one may give to a run, and more")
    assert name_width() == table.WIDEST_NAME


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
    text = " ".join([app.title[0].value, *(button.label for button in app.button)])
    assert "训练" in text
    assert "Run" not in text


@pytest.fixture(scope="module")
def twins(root: Path) -> list[RunFolder]:
    """Two runs of equal settings, as a user has them who presses Start twice."""
    return [train(root, "", network="lenet5"), train(root, "", network="lenet5")]


CHOOSERS = {
    "draw": ({}, ("draw_net", "draw_other")),
    "convolution": ({"convolution_weights": "trained"}, ("convolution_network",)),
    "runs": ({}, ("runs_compare", "runs_one")),
}


@pytest.mark.parametrize("name", list(CHOOSERS))
def test_twins_are_told_apart_wherever_they_are_offered(twins: list[RunFolder], name: str) -> None:
    query, choice = CHOOSERS[name]
    app = page(name, **query)
    widgets = {widget.key: widget for widget in (*app.selectbox, *app.multiselect)}
    for key in choice:
        labels = widgets[key].options
        assert len(set(labels)) == len(labels), key
        assert sum(twins[0].name in label for label in labels) >= 2, key


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("name", list(CHOOSERS))
def test_each_twin_of_the_address_is_the_one_that_is_chosen(twins: list[RunFolder], name: str) -> None:
    query, (key, *_others) = CHOOSERS[name]
    for run in twins:
        code = run.id if name == "runs" else f"{run.id}:epoch-1"
        app = page(name, **query, **{key: code})
        value = app.session_state[key]
        assert value == ([code] if name == "runs" else code)


def test_an_old_address_of_learned_filters_still_means_the_newest_checkpoint(twins: list[RunFolder]) -> None:
    app = page("convolution", convolution_weights="trained", convolution_network=twins[0].id)
    assert app.selectbox("convolution_network").value == f"{twins[0].id}:epoch-1"
    assert not app.warning


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_with_damaged_checkpoints_and_a_time_that_is_none_is_still_shown(root: Path, language: str) -> None:
    run = train(root, "damaged")
    for point in run.all_checkpoints():
        (point.path / "model.pth").write_bytes(b"x")
    run_folder.write_name(run.path, run.name, 1e12)
    try:
        app = page("train", language, run=run.id)
        captions = [caption.value for caption in app.caption if "model" in caption.value]
        assert captions and ("损坏" in captions[0] if language == "zh" else "damaged" in captions[0])
        page("runs", language)
    finally:
        Jobs(root, standby=False).delete(run.id)


@pytest.mark.parametrize(("name", "key"), [("draw", "draw_net"), ("lenet", "lenet_weights")])
def test_a_checkpoint_that_is_gone_is_missed_in_words(root: Path, name: str, key: str) -> None:
    run = train(root, "soon gone", network="lenet5")
    app = page(name, lenet_network="lenet5", **{key: f"{run.id}:epoch-1"})
    assert not app.warning
    run_folder.delete(root, run.id)
    app.run()
    assert "not there any more" in app.warning[0].value


def test_a_run_beyond_the_newest_is_offered_when_the_address_asks_for_it(
    twins: list[RunFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.shared.offers.MOST_RUNS", 0)
    app = page("draw", draw_net=f"{twins[0].id}:epoch-1")
    assert app.session_state["draw_net"] == f"{twins[0].id}:epoch-1"


def test_two_runs_that_differ_are_compared_by_default(root: Path, twins: list[RunFolder]) -> None:
    app = page("runs")
    first, second = (RunFolder(root, run_id) for run_id in app.multiselect("runs_compare").value)
    assert first.config.with_(parent=None) != second.config.with_(parent=None)
    assert "diverged" not in (first.status().state, second.status().state)
    assert {run.id for run in twins} & {first.id, second.id}
    offered = app.selectbox("runs_one").options
    assert len(offered) == len(run_folder.list_runs(root))


def test_what_is_deleted_is_named_and_asked_about(twins: list[RunFolder], root: Path) -> None:
    app = page("runs", runs_one=twins[0].id)
    app.button("runs_delete").click().run()
    text = " ".join(str(each.proto) for each in app.get("html"))
    assert twins[0].id in text and twins[1].id not in text
    assert (root / twins[0].id).exists()
    kinds = {button.key: button.proto.type for button in app.button}
    assert kinds["runs_delete_do"] == "secondary" and kinds["runs_delete_keep"] == "primary"


@pytest.fixture
def at_rest(root: Path) -> Iterator[RunFolder]:
    """A paused run whose learning rate was changed after its first batch; it is gone after the test."""
    run = run_folder.create(root, TrainConfig(dataset="digits", epochs=2, threads=1), "at rest")
    commands = WhenPaused({"do": "learning_rate", "value": 0.125}, {"do": "leave"})
    RunController(run.path, commands, lambda **_message: None).run(batches=1)
    assert run.status().state == "paused"
    yield run
    run_folder.delete(root, run.id)


def test_a_network_built_elsewhere_is_what_is_trained_though_a_run_is_paused(at_rest: RunFolder) -> None:
    network = "stack:1x28x28~conv-o4-k5~max-k4~relu~flatten~linear-i144-o10"
    assert page("train").session_state["run"] == at_rest.id  # who comes back finds it
    for query in ({"run": "new", "train_network": network}, {"train_network": network}):
        app = page("train", **query)
        assert app.session_state["run"] == "" and app.query_params["run"] == "new"
        assert app.selectbox("train_network").value == network


def test_a_link_to_a_new_run_forgets_the_checkpoint_that_was_to_be_continued(at_rest: RunFolder) -> None:
    app = page("train", run="new", train_from=f"{at_rest.id}:step-1")
    assert app.session_state["train_from"] == f"{at_rest.id}:step-1"
    del app.query_params["train_from"]
    app.query_params["run"] = "new"
    app.run()
    assert app.session_state["train_from"] == ""


def test_a_change_of_the_rate_of_a_paused_run_is_shown_before_the_next_batch(at_rest: RunFolder) -> None:
    assert at_rest.status().learning_rate == 0.01
    app = page("train", run=at_rest.id)
    text = " ".join(str(each.proto) for each in app.get("html"))
    assert "0.01, 0.125 after batch 1" in text  # among the settings
    assert any("the learning rate is 0.125" in caption.value for caption in app.caption)
    assert drawing(app, "train_rate")["rate"] == 0.125
    assert drawing(app, "train_buttons")["commands"] == possible("paused")


def test_a_continued_run_takes_the_rate_of_its_checkpoint_and_says_so(at_rest: RunFolder) -> None:
    app = page("train", run=at_rest.id, train_tab="checkpoints")
    app.selectbox(f"train_checkpoint_{at_rest.id}").set_value("latest").run()
    app.button("train_continue").click().run()
    assert app.number_input("train_learning_rate").value == 0.125
    assert "Ready to continue from step-1" in app.info[0].value
    assert "with learning rate 0.125: press Start" in app.info[0].value
    app = page("train", run=at_rest.id, train_tab="checkpoints")
    app.selectbox(f"train_checkpoint_{at_rest.id}").set_value("epoch-0").run()
    app.button("train_continue").click().run()
    assert app.number_input("train_learning_rate").value == 0.01  # it was changed later


def test_a_loss_that_ran_away_is_a_power_of_ten() -> None:
    assert decimal(1278268798.5) == "1.28e+09"
    assert decimal(2.30259) == "2.3026"
    assert [decimal(loss) for loss in (0.0, 0.0000321, float("nan"))] == ["0.0000", "3.21e-05", "nan"]
    assert decimal(None) == "–"


def test_a_run_of_another_server_is_shown_and_cannot_be_steered_here(at_rest: RunFolder) -> None:
    theirs = Lock(at_rest.path / WORKER_LOCK)
    assert theirs.acquire()
    try:
        write_status(at_rest.path, replace(at_rest.status(), state="running"))
        app = page("train", run=at_rest.id)
        assert any("Another Stepwise trains this run" in caption.value for caption in app.caption)
        assert drawing(app, "train_buttons")["commands"] == [] and not drawings(app, "train_rate")
    finally:
        theirs.release()


def drawings(app: AppTest, key: str) -> list[dict[str, Any]]:
    """Return what each drawing with this key was given."""
    protos = [each.proto for each in app.get("bidi_component")]
    return [json.loads(proto.json)[0] for proto in protos if proto.id.endswith(f"-{key}")]


def drawing(app: AppTest, key: str) -> dict[str, Any]:
    (data,) = drawings(app, key)
    return data


def test_the_page_gives_its_drawings_a_name_by_which_its_own_reader_commands_the_run(at_rest: RunFolder) -> None:
    app = page("train", run=at_rest.id)
    data = [drawing(app, "train_buttons"), drawing(app, "train_rate")]
    (name,) = {each["name"] for each in data}
    what = open_run.find_open_run(name)
    assert what.run == at_rest.id and what.steering is not None and what.steering.user == ""
    assert {each["run"] for each in data} == {at_rest.id}
    app.run()
    assert drawing(app, "train_buttons")["name"] == name, "the same as long as it is offered"
