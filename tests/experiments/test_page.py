"""The page Experiments without a browser: a search is prepared, followed and told, in both languages."""

from __future__ import annotations

import errno
import importlib.util
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import i18n
from core.experiments import group
from core.experiments.estimate import Probe
from core.experiments.plan import Axis, Plan
from core.experiments.proof import QUESTIONS_OF, proof
from core.experiments.questions import by_code
from core.experiments.range_test import RangeTest
from core.experiments.search import Range, Search
from core.settings import PROJECT
from core.training import run_folder
from core.training.config import SCHEDULES, TrainConfig
from core.training.files import Lock
from core.training.status import QUEUE_LOCK, Status, write_status
from pages.parts.experiments import start_button
from pages.shared import experiment_address, workspace
from tests.experiments.configs import UNUSUAL
from tests.experiments.immediate_runs import ImaginedJobs, end

BASE = TrainConfig(dataset="digits", epochs=1, threads=1)
SPACE = (
    Range("learning_rate", 0.001, 1.0, log=True),
    Range("momentum", 0.1, 0.9),
    Range("batch_size", 16, 512, log=True),
    Axis("optimizer", ("sgd", "adam")),
)
needs_optuna = pytest.mark.skipif(
    importlib.util.find_spec("optuna") is None, reason="Optuna is in requirements-search.txt only"
)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs that the page under test uses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEPWISE_RUNS", str(tmp_path))
        patch.setattr(
            "pages.parts.experiments.start_button.measure",
            lambda configs: [Probe(1e-4, 2e-4, 0.1, 90_000, 1437)] * len(configs),
        )
        yield tmp_path


def _no_space(*_call: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def page(language: str = "en", pressed: str = "", **query: str) -> AppTest:
    """Open the page with these settings in its address; the button of the key ``pressed`` was pressed before."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    if pressed:
        app.session_state[pressed] = True
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("pages/experiments.py").run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    values = (each.value for kind in (app.markdown, app.caption, app.error, app.info) for each in kind)
    return "\n".join(values).replace("\\", "")  # Markdown escapes what is typed


@pytest.mark.usefixtures("root")
def test_settings_and_values_of_a_link_are_those_that_are_started() -> None:
    app = page(
        experiments_settings="batch_size,dropout", experiments_batch_size="8, 16", experiments_dropout="true"
    )
    assert app.multiselect(key="experiments_settings").value == ["batch_size", "dropout"]
    assert app.text_input(key="experiments_batch_size").value == "8, 16"
    assert app.multiselect(key="experiments_dropout").value == ["true"]
    assert app.button(key="experiments_start").label == "Start 6 runs"
    app.text_input(key="experiments_batch_size").set_value("8").run()
    assert app.query_params["experiments_batch_size"] == "8"
    app.selectbox(key="experiments_question").set_value("schedule").run()
    assert app.multiselect(key="experiments_schedule").value == list(SCHEDULES)
    assert "experiments_settings" not in app.query_params  # it is the question's own again


@pytest.mark.usefixtures("root")
def test_a_setting_whose_values_are_chosen_begins_with_all_of_them() -> None:
    app = page(experiments_settings="dropout")
    assert app.multiselect(key="experiments_dropout").value == ["true", "false"] and not app.error
    app.multiselect(key="experiments_settings").set_value(["dropout", "schedule"]).run()
    assert app.multiselect(key="experiments_schedule").value == list(SCHEDULES) and not app.error
    assert app.button(key="experiments_start").label == f"Start {2 * len(SCHEDULES) * 3} runs"
    app.multiselect(key="experiments_dropout").set_value(["false"]).run()
    assert app.query_params["experiments_dropout"] == "false"


@pytest.mark.usefixtures("root")
def test_a_search_of_a_link_is_refused_in_words_where_it_is_impossible() -> None:
    app = page(experiments_way="search", experiments_search_low_learning_rate="2")
    assert "the range of Learning rate is empty" in texts(app)
    app.text_input(key="experiments_search_low_learning_rate").set_value("0.1, 0.2").run()
    assert "0.1, 0.2 is not a value of Learning rate" in texts(app)
    app.text_input(key="experiments_search_low_learning_rate").set_value("0.1").run()
    assert app.button(key="experiments_start").label == "Start 20 runs"


@pytest.mark.usefixtures("root")
def test_without_optuna_the_page_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.experiments.proposals.is_installed", lambda: False)
    app = page(experiments_way="search")
    assert "pip install -r requirements-search.txt" in texts(app)
    assert app.button(key="experiments_start").disabled


@needs_optuna
@pytest.mark.parametrize(
    ("language", "best", "button", "full"),
    [
        ("en", "Run 4 of 4 has the highest test accuracy, ", "Train the best with 3 new seeds", "is full"),
        ("zh", "4 次训练中第 4 次的测试准确率最高", "用 3 个新种子训练最好的设置", "磁盘"),
    ],
)
def test_a_search_that_is_over_is_told_and_can_be_confirmed(
    root: Path, monkeypatch: pytest.MonkeyPatch, language: str, best: str, button: str, full: str
) -> None:
    experiment, jobs = group.create(root, Search(BASE, SPACE, runs=4, at_once=1)), ImaginedJobs(root)
    for number in range(4):
        group.advance(experiment, jobs)
        end(experiment, number, "diverged" if number < 3 else "finished")
    app = page(language, experiments_shown=experiment.id)
    assert best in texts(app) and "Optuna" in texts(app)
    confirm = app.button(key=f"experiments_confirm_{experiment.id}")
    assert confirm.label == button
    (chart,) = app.get("plotly_chart")
    assert experiment.id in chart.proto.spec  # its points know their runs
    monkeypatch.setattr("core.experiments.group.replace_file", _no_space)
    confirm.click().run()
    assert full in texts(app)


def test_the_run_that_is_offered_has_the_accuracy_that_it_ended_with(root: Path) -> None:
    experiment, jobs = group.create(root, Plan(BASE, (), 1)), ImaginedJobs(root)
    group.advance(experiment, jobs)
    app = page(experiments_shown=experiment.id)
    (run,) = app.selectbox(key="experiments_run").options
    assert run.endswith(" –")
    write_status(root / jobs.run_ids[0], Status(state="finished", accuracy=0.875))
    box = app.run().selectbox(key="experiments_run").proto
    assert box.set_value and box.raw_value.endswith(" 87.50%")  # the browser is told: it keeps the words it had


@needs_optuna
def test_a_search_that_waits_for_a_run_that_was_stopped_says_so(root: Path) -> None:
    experiment, jobs = group.create(root, Search(BASE, SPACE, runs=4, at_once=1)), ImaginedJobs(root)
    group.advance(experiment, jobs)
    end(experiment, 0, "stopped")
    app = page(experiments_shown=experiment.id)
    assert "The search waits for run 1 (stopped): press Resume." in texts(app)
    assert not app.button(key="experiments_resume").disabled


@pytest.mark.parametrize(
    ("language", "deleted", "warning"),
    [
        ("en", "With its 2 runs go their histories", "2 of its runs train or wait now; deleting ends them."),
        ("zh", "它的 2 次训练", "它的 2 次训练正在训练或等待；删除会结束它们。"),
    ],
)
def test_what_is_deleted_is_named_and_asked_about(root: Path, language: str, deleted: str, warning: str) -> None:
    experiment = group.create(root, Plan(BASE, (), seeds=2, hypothesis="a guess"))
    group.advance(experiment, ImaginedJobs(root))
    group.rename(experiment, "rates")
    waits = [Lock(folder / QUEUE_LOCK) for folder in root.iterdir() if folder.is_dir()]
    assert all(lock.acquire() for lock in waits)
    app = page(language, experiments_shown=experiment.id)
    app.button(key="experiments_delete").click().run()
    assert deleted in texts(app) and warning in [each.value for each in app.warning]
    (title,) = (each.value for each in app.text if each.value.startswith("rates · "))
    assert title in app.selectbox(key="experiments_shown").options
    kinds = {button.key: button.proto.type for button in app.button}
    assert kinds["experiments_delete_do"] == "secondary" and kinds["experiments_delete_keep"] == "primary"
    assert len(run_folder.run_ids(root)) == 2
    for lock in waits:
        lock.release()


@pytest.mark.parametrize(
    ("language", "words", "names"),
    [
        ("en", "failed; press Resume to go on:", "all runs · seed 1; all runs · seed 2"),
        ("zh", "失败；按“继续”接着训练：", "全部训练 · 种子 1; 全部训练 · 种子 2"),
    ],
)
def test_why_runs_failed_stands_on_the_page(root: Path, language: str, words: str, names: str) -> None:
    experiment = group.create(root, Plan(BASE, (), seeds=2))
    group.advance(experiment, ImaginedJobs(root))
    for folder in (each for each in root.iterdir() if each.is_dir()):
        write_status(folder, Status(state="interrupted", problem_message="the disk is full"))
    app = page(language, experiments_shown=experiment.id)
    assert words in texts(app) and names in texts(app)
    assert [each.value for each in app.error] == ["the disk is full"]
    assert not app.button(key="experiments_resume").disabled


@pytest.mark.usefixtures("root")
def test_a_hypothesis_follows_the_language_until_it_is_edited() -> None:
    app, key = page(), "experiments_hypothesis_learning_rate"
    english = by_code("learning_rate").hypothesis
    assert app.text_area(key=key).value == english
    app.session_state["lang"] = "zh"
    assert app.run().text_area(key=key).value == i18n.translate("zh", english) != english
    edited = page()
    edited.text_area(key=key).set_value("larger is better").run()
    edited.session_state["lang"] = "zh"
    assert edited.run().text_area(key=key).value == "larger is better"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_experiment_and_its_runs_are_named_in_the_readers_language(root: Path, language: str) -> None:
    english = by_code("dropout").hypothesis
    experiment = group.create(root, Plan(BASE, (Axis("dropout", (True,)),), 1, i18n.translate("zh", english)))
    group.advance(experiment, ImaginedJobs(root))
    app = page(language, experiments_shown=experiment.id)
    assert next(each.value for each in app.text) == i18n.translate(language, english)
    assert app.selectbox(key="experiments_shown").options[-1].startswith(i18n.translate(language, english))
    name = {"en": "Dropout on, seed 1", "zh": "Dropout 开, 种子 1"}[language]
    app.switch_page("pages/runs.py").run()
    assert app.dataframe[0].value["name"].tolist() == [name]
    assert app.selectbox(key="runs_one").options[0].startswith(name)
    run = workspace.find(run_folder.run_ids(root)[0])
    assert run
    for own_name, on_page in [
        ("dropout True, my seed", "dropout True, my seed"),
        (workspace.FIRST_PAGE, i18n.translate(language, "first page")),
    ]:
        run.rename(own_name)
        app.run()
        assert app.dataframe[0].value["name"].tolist() == [on_page]


@pytest.mark.usefixtures("root")
def test_the_rest_of_the_page_does_not_wait_for_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    measure = start_button.measure
    monkeypatch.setattr("pages.parts.experiments.range_panel.show", lambda *_plan, **_way: calls.append("rest"))
    monkeypatch.setattr(start_button, "measure", lambda configs: (calls.append("measure"), measure(configs))[1])
    assert "about" in texts(page())
    assert set(calls) == {"rest", "measure"} and calls.index("rest") < calls.index("measure")


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_experiments_of_one_name_and_minute_the_one_in_the_address_is_shown(root: Path, place: int) -> None:
    twins = [group.create(root, Plan(BASE, (), 1)).id for _twin in range(2)]
    app = page(experiments_shown=twins[place]).run()
    assert app.selectbox(key="experiments_shown").value == twins[place]


@pytest.mark.usefixtures("root")
def test_an_experiment_that_is_gone_is_said() -> None:
    app = page(experiments_shown="20261126-174500-ab12cd34")
    assert "There is no such experiment any more. You can start a new one." in [w.value for w in app.warning]


@pytest.mark.parametrize("others", [0, 1])
def test_what_is_typed_right_before_start_is_what_is_tried(
    root: Path, monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    for _number in range(others):
        group.create(root, Plan(BASE, (), 1))
    monkeypatch.setattr("pages.parts.experiments.start_button.jobs", partial(ImaginedJobs, root))
    app = page(experiments_shown="new", experiments_settings="batch_size", experiments_batch_size="8, 16")
    ids = {each.id for each in group.list_experiments(root)}
    app.text_input(key="experiments_batch_size").set_value("32")
    app.number_input(key="experiments_seeds").set_value(2)
    app.button(key="experiments_start").click().run()  # they reach the server at once
    assert not app.exception, app.exception
    (begun,) = (each for each in group.list_experiments(root) if each.id not in ids)
    assert isinstance(begun.plan, Plan) and (begun.plan.axes, begun.plan.seeds) == ((Axis("batch_size", (32,)),), 2)
    assert app.selectbox(key="experiments_shown").value == begun.id


@pytest.mark.usefixtures("root")
def test_what_is_typed_right_before_start_and_is_impossible_tries_nothing_then_or_later(root: Path) -> None:
    app = page(experiments_settings="batch_size", experiments_batch_size="8, 16")
    app.text_input(key="experiments_batch_size").set_value("none")
    app.button(key="experiments_start").click().run()
    assert app.error
    app.text_input(key="experiments_batch_size").set_value("8").run()
    assert group.list_experiments(root) == [] and not app.button(key="experiments_start").disabled


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("key", ["rate_too_high", "vanishing_gradient", "overfitting"])
def test_the_link_opens_the_form_with_that_experiment(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[Plan | None] = []
    monkeypatch.setattr("pages.parts.experiments.start_button.show", plans.append)
    monkeypatch.setattr("pages.parts.experiments.start_button.say_cost", lambda _plan, _place: None)
    plan = proof(key, UNUSUAL)
    assert plan is not None
    page(**experiment_address.of_plan(QUESTIONS_OF[key], plan))
    (form,) = plans[-1:]
    assert form is not None
    assert {member.config for member in form.members()} == {member.config for member in plan.members()}


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("language", "each", "some"),
    [
        ("en", "Each of the 2 settings that take different times was measured.", "5 of 12 settings that take"),
        ("zh", "2 种耗时不同的设置都已测量。", "12 种耗时不同的设置中测量了 5 种"),
    ],
)
def test_it_is_said_how_sure_the_time_is(language: str, each: str, some: str) -> None:
    varied = {"experiments_settings": "batch_size", "experiments_batch_size": "64,256"}
    assert each in texts(page(language, **varied))
    varied = {
        "experiments_settings": "batch_size,dropout,optimizer",
        "experiments_batch_size": "64,128,256",
        "experiments_dropout": "true,false",
        "experiments_optimizer": "sgd,adam",
    }
    assert some in texts(page(language, **varied))


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("9 runs, ", " at once: about ", " by the slowest batch)", " MB of the disk")),
        ("zh", ("9 次训练", " MB")),
    ],
)
def test_runs_time_and_disk_are_said_before_start(language: str, words: tuple[str, ...]) -> None:
    (sentence,) = [text for text in texts(page(language)).split("\n") if " MB" in text]
    assert all(word in sentence for word in words), sentence


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(("language", "words"), [("en", "With a larger batch size"), ("zh", "批大小更大时")])
def test_a_range_test_that_suggests_nothing_says_what_to_do(
    language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = RangeTest((1e-5, 1e-3, 0.1), (2.3, 2.2, 2.3), (1e-5, 1e-3, 0.1), (2.3, 2.25, 2.27), None)
    monkeypatch.setattr("pages.parts.experiments.range_panel.run_test", lambda _config: flat)
    app = page(language, pressed="experiments_range")
    assert words in texts(app)
    assert not [button.key for button in app.button if button.key == "experiments_range_add"]
