"""core.live.run: a run is pushed as it trains, whole each time, and says of when its numbers are."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from core.errors import InvalidSetting
from core.live import settings
from core.live.instrument import Answer, Ask, Later, instrument
from core.live.run import open_run
from core.live.run.moment import moment
from core.live.run.numbers import numbers
from core.live.run.open_run import OpenRun
from core.live.run.watch import AT_END, AT_REST, EVERY, SOON, pause
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.events import Batch
from core.training.jobs import Jobs
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from core.training.status import Status, write_status
from tests.training.lives import WhenPaused


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """The door to a folder of runs; no process is started."""
    new_jobs = Jobs(tmp_path_factory.mktemp("runs"), standby=False)
    yield new_jobs
    new_jobs.close()


def make_run(jobs: Jobs, name: str, *commands: dict[str, object], batches: int | None = None) -> RunFolder:
    """Train a small run in this process, to its end or so many batches."""
    run = run_folder.create(jobs.root, TrainConfig(dataset="digits", epochs=2, threads=1), name)
    waits = WhenPaused(*commands, {"do": "leave"}) if batches else queue.Queue()
    RunController(run.path, waits, lambda **_message: None).run(batches)
    return run


@pytest.fixture(scope="module")
def finished(jobs: Jobs) -> RunFolder:
    return make_run(jobs, "to its end")


def ask(what: OpenRun, language: str = "en", **values: object) -> Ask:
    declared = instrument("run.watch").settings
    return Ask(settings.read(declared, {"run": open_run.offer(what), **values}), language)


def answers(what: OpenRun, language: str = "en", **values: object) -> list[Answer]:
    """Everything that is pushed of a run at once."""
    stream = instrument("run.watch").answer(ask(what, language, **values))
    return list(itertools.takewhile(lambda part: isinstance(part, Answer), stream))  # type: ignore[arg-type]


def curves(answer: Answer) -> dict[str, list[np.ndarray]]:
    """The x and y of each curve, by its name."""
    facts = answer.header["chart"]["curves"]
    return {fact["name"]: answer.arrays[2 * n : 2 * n + 2] for n, fact in enumerate(facts)}


def test_a_run_that_is_over_is_told_once_with_every_batch(jobs: Jobs, finished: RunFolder) -> None:
    (answer,) = answers(OpenRun(jobs, finished.id), smoothing=0.0)
    batches = [event for _number, event in finished.events() if isinstance(event, Batch)]
    x, y = curves(answer)["training loss"]
    assert x.tolist() == [batch.seen for batch in batches]
    assert y.tolist() == [batch.loss for batch in batches]
    assert answer.header["state"] == "finished" and answer.header["progress"] == 1
    by_name = {each["name"]: each for each in answer.header["numbers"]}
    status = finished.status()
    assert by_name["Test accuracy"] | {"name": ""} == {
        "name": "",
        "text": f"{status.accuracy:.2%}",
        "remark": "after epoch 2",
        "old": False,
    }
    assert answer.header["loss"] == f"training loss: {batches[-1].loss:.4f}"
    assert answer.header["news"]["tests"] == 3


def test_accuracy_is_read_off_the_tests_and_words_are_in_the_language_of_the_tab(
    jobs: Jobs, finished: RunFolder
) -> None:
    (answer,) = answers(OpenRun(jobs, finished.id), "zh", accuracy=True)
    ((x, y),) = curves(answer).values()
    tests = finished.tests()
    assert x.tolist() == [test.seen for test in tests] and y.tolist() == [test.accuracy for test in tests]
    assert answer.header["chart"]["percent"]
    words = [each["name"] for each in answer.header["numbers"]]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in word) for word in words), words


def test_the_curve_of_another_run_lies_behind(jobs: Jobs, finished: RunFolder) -> None:
    other = make_run(jobs, "behind", batches=1)
    (answer,) = answers(OpenRun(jobs, finished.id, ghost=other.id))
    assert answer.header["chart"]["curves"][0]["name"] == "behind"
    (prepared,) = answers(OpenRun(jobs, "", ghost=other.id, ghost_name="in your words"))
    assert prepared.header["chart"]["curves"][0]["name"] == "in your words"
    assert prepared.header["state"] == "" and prepared.header["numbers"][0]["text"] == "ready"
    (empty,) = answers(OpenRun(jobs, ""))
    assert "Press Start" in empty.header["chart"]["note"] and not empty.arrays


def test_the_axis_of_an_empty_chart_ends_where_the_run_will_and_stays_as_it_begins(jobs: Jobs) -> None:
    examples = 2 * 1_437
    run = run_folder.create(jobs.root, TrainConfig(dataset="digits", epochs=2, threads=1), "not begun")
    for what in (OpenRun(jobs, "", examples=examples), OpenRun(jobs, run.id, examples=examples)):
        (answer,) = answers(what)
        assert answer.header["chart"]["xMax"] == examples
    trained = make_run(jobs, "begun", batches=1)
    (answer,) = answers(OpenRun(jobs, trained.id))
    assert answer.header["chart"]["xMax"] == examples


def test_each_change_is_pushed_and_who_asks_again_gets_no_point_twice_and_loses_none(jobs: Jobs) -> None:
    run = make_run(jobs, "moves", batches=3)
    what = OpenRun(jobs, run.id)
    stream = instrument("run.watch").answer(ask(what, smoothing=0.0))
    first = next(stream)  # type: ignore[arg-type]
    assert first.header["state"] == "paused" and first.header["step"] == 3
    assert isinstance(next(stream), Later)  # type: ignore[arg-type]
    assert isinstance(next(stream), Later), "nothing has changed"  # type: ignore[arg-type]
    RunController(run.path, WhenPaused({"do": "leave"}), lambda **_message: None).run(1)
    second = next(stream)  # type: ignore[arg-type]
    assert second.header["step"] == 4
    again = next(instrument("run.watch").answer(ask(what, smoothing=0.0)))  # type: ignore[call-overload]
    for answer in (second, again):
        assert len(curves(answer)["training loss"][0]) == 4
    write_status(run.path, replace(run.status(), examples_per_second=1.5))
    third = next(part for part in stream if isinstance(part, Answer))  # type: ignore[union-attr]
    assert third.header["chart"] is None and not third.arrays, "the curves are as they were"


def test_a_rate_that_was_changed_while_the_run_paused_is_pushed_and_draws_the_page_again(jobs: Jobs) -> None:
    run = make_run(jobs, "changed", {"do": "learning_rate", "value": 0.125}, batches=1)
    before = make_run(jobs, "unchanged", batches=1)
    at = moment(OpenRun(jobs, run.id), run)
    assert at.page != moment(OpenRun(jobs, before.id), before).page
    assert {each["name"]: each["text"] for each in numbers(ask(OpenRun(jobs, "")).say, at)}[
        "Learning rate"
    ] == "0.01 → 0.125"


def test_the_accuracy_before_training_is_marked_and_old_once_a_batch_was_trained(
    jobs: Jobs, finished: RunFolder
) -> None:
    say = ask(OpenRun(jobs, "")).say
    at = moment(OpenRun(jobs, finished.id), finished)
    for step, tested, remark, old in (
        (0, 0, "before training", False),
        (1, 0, "before training", True),
        (30, 1, "after epoch 1", False),
    ):
        status = Status("running", step, 46, 1, 64 * step, 2874, accuracy=0.1, test_loss=2.3, tested=tested)
        accuracy = numbers(say, replace(at, status=status))[4]
        assert (accuracy["remark"], accuracy["old"]) == (remark, old)


def test_a_run_that_another_server_trains_or_that_waits_says_so(jobs: Jobs, finished: RunFolder) -> None:
    say = ask(OpenRun(jobs, "")).say
    at = moment(OpenRun(jobs, finished.id), finished)
    assert numbers(say, replace(at, status=Status("running"), elsewhere=True))[0]["text"] == "running elsewhere"
    assert numbers(say, replace(at, status=Status("waiting"), place=3))[0]["text"] == "waiting, place 3"


def test_a_run_is_looked_at_more_than_five_times_a_second_and_less_often_at_rest() -> None:
    assert pause(Status("running"), 60) == EVERY < 1 / 5
    assert pause(Status("paused"), 60) == AT_REST > EVERY
    assert pause(Status("finished"), 60) == AT_END > AT_REST
    assert pause(Status("paused"), 0.1) == SOON, "what was just pressed is seen at once"


def test_what_is_offered_no_more_or_was_deleted_is_refused_with_a_sentence(jobs: Jobs) -> None:
    with pytest.raises(InvalidSetting, match="no longer open"):
        list(instrument("run.watch").answer(Ask({"run": "guessed"})))  # type: ignore[arg-type]
    with pytest.raises(InvalidSetting):
        instrument("run.other")
    for state in ("paused", "finished"):
        run = make_run(jobs, f"goes {state}", batches=1)
        write_status(run.path, replace(run.status(), state=state))
        stream = instrument("run.watch").answer(ask(OpenRun(jobs, run.id)))
        next(stream)  # type: ignore[arg-type]
        run_folder.delete(jobs.root, run.id)
        with pytest.raises(InvalidSetting, match="there is no run"):
            list(stream)  # type: ignore[arg-type]
