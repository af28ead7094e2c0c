"""core.live.commands: a command is obeyed once, in its turn, and only for whom the run belongs to."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Iterator

import pytest

from benchmarks.hostile_files.messages import COMMANDED, VALUES
from core.errors import N_, InvalidSetting
from core.live.allowance import Allowance, Rates
from core.live.commands import COST
from core.live.request import Command, MalformedMessage
from core.live.run import open_run
from core.live.run.command import MEANS, obey, possible
from core.live.run.moment import moment
from core.live.run.open_run import OpenRun, Steering
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.jobs import COMMANDS, Jobs
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from core.training.status import FINAL
from tests.live.tabs import INSTRUMENTS, Tab, command, question, run
from tests.training.lives import WhenPaused

OURS = Steering("ann", "her tab")


def test_commands_are_obeyed_in_their_order_each_before_the_next_message_is_read() -> None:
    names: list[str] = []

    def slowly(command: Command, user: str) -> None:
        time.sleep(0.02 if command.do == "pause" else 0)
        names.append(f"{command.do} {command.value} for {user}")

    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS, owner="ann", obey=slowly)
        await tab.connection.take(command("pause", 1))
        await tab.connection.take(command("learning_rate", 2, value=0.5))
        await tab.connection.take(command("batch", 5, line=3))
        await tab.connection.take(question(1))
        await tab.last(1)
        assert names == ["pause None for ann", "learning_rate 0.5 for ann", "batch None for ann"]
        assert [header.get("obeyed") for header, _ in tab.got] == [1, 2, 5, None]
        assert all(header["refusal"] == "" for header, _ in tab.got[:3])

    run(scene)


@pytest.mark.parametrize("second", [1, 2])
def test_a_command_that_comes_twice_is_not_obeyed_twice(second: int) -> None:
    numbers: list[int] = []

    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS, obey=lambda command, _user: numbers.append(command.number))
        await tab.connection.take(command("batch", 2))
        with pytest.raises(MalformedMessage, match="once"):
            await tab.connection.take(command("batch", second))
        assert numbers == [2]

    run(scene)


def test_a_refusal_is_a_sentence_in_the_language_of_the_tab_and_a_failure_tells_nothing_of_the_server() -> None:
    def refuse(command: Command, _user: str) -> None:
        if command.do == "fail":
            raise RuntimeError("/secret/path")
        raise InvalidSetting(N_("this run waits for its turn"))

    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS, obey=refuse)
        for number, (do, language) in enumerate([("batch", "en"), ("batch", "zh"), ("fail", "zh"), ("batch", [])]):
            await tab.connection.take(command(do, number + 1, language=language))
        english, chinese, failed, other = (header["refusal"] for header, _ in tab.got)
        assert english == other == "this run waits for its turn"
        for text in (chinese, failed):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text
        assert "secret" not in failed

    run(scene)


def test_of_one_user_one_command_is_obeyed_at_a_time_and_another_user_does_not_wait_for_it() -> None:
    go, begun = threading.Event(), []

    def wait(command: Command, user: str) -> None:
        begun.append((user, command.do))
        if user == "eve":
            go.wait(30)

    async def scene(work) -> None:
        hers = Allowance(Rates(1e9, 1e9, 1e9))
        tabs = [Tab(work, INSTRUMENTS, owner="eve", obey=wait, allowance=hers) for _ in range(9)]
        flood = [asyncio.create_task(tab.connection.take(command("resume"))) for tab in tabs]
        while not begun:
            await asyncio.sleep(0.001)
        other = Tab(work, INSTRUMENTS, owner="ann", obey=wait)
        await other.connection.take(command("pause"))
        assert begun == [("eve", "resume"), ("ann", "pause")]
        go.set()
        await asyncio.gather(*flood)
        assert len(begun) == 10

    run(scene, threads=2)


def test_a_command_counts_as_several_questions_of_the_same_allowance() -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS, Rates(20, 1e9, 1e9), obey=lambda _command, _user: None)
        before = tab.connection.allowance.requests.level
        await tab.connection.take(command("pause"))
        spent = before - tab.connection.allowance.requests.level
        assert COST - 5 < spent <= COST

    run(scene)


# ---- of a run


class RecordingJobs(Jobs):
    """A door that notes what it is told and starts no process."""

    def command(self, run_id: str, do: str, value: float | None = None, owner: str = "") -> None:
        self.commands = [*getattr(self, "commands", []), (run_id, do, value, owner)]


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    new_jobs = Jobs(tmp_path_factory.mktemp("runs"), standby=False)
    yield new_jobs
    new_jobs.close()


@pytest.fixture(scope="module")
def finished(jobs: Jobs) -> RunFolder:
    return trained(jobs, queue.Queue())


@pytest.fixture
def paused(jobs: Jobs) -> RunFolder:
    """A run whose worker has gone."""
    return trained(jobs, WhenPaused({"do": "leave"}), 1)


def trained(jobs: Jobs, commands, batches: int | None = None) -> RunFolder:
    run = run_folder.create(jobs.root, TrainConfig(dataset="digits", epochs=1, threads=1))
    RunController(run.path, commands, lambda **_message: None).run(batches)
    return run


def pause_command(name: str, do: str = "pause", value: object = None) -> Command:
    return Command(0, 1, do, name, "en", value)


def test_the_user_of_the_page_commands_its_run_as_the_page_would(tmp_path) -> None:
    door = RecordingJobs(tmp_path, standby=False)
    name = open_run.offer(OpenRun(door, "one", steering=OURS))
    for do in COMMANDS:
        obey(pause_command(name, do, 0.5), "ann")
    assert door.commands == [("one", do, 0.5 if do == "learning_rate" else None, "her tab") for do in COMMANDS]
    door.close()


def test_nobody_else_commands_it_whatever_they_know(tmp_path) -> None:
    door = RecordingJobs(tmp_path, standby=False)
    hers = open_run.offer(OpenRun(door, "one", steering=OURS))
    looks = open_run.offer(OpenRun(door, "one"))
    for name, user, why in (
        (hers, "eve", "only be watched"),
        (hers, "", "only be watched"),
        (looks, "ann", "only be watched"),
        (looks, "", "only be watched"),
        ("one", "ann", "no longer open"),
        ("", "ann", "no longer open"),
    ):
        for do in COMMANDS:
            with pytest.raises(InvalidSetting, match=why):
                obey(pause_command(name, do), user)
    assert not hasattr(door, "told")
    door.close()


@pytest.mark.parametrize("do", COMMANDED)
def test_a_command_that_there_is_not_is_refused(jobs: Jobs, paused: RunFolder, do: str) -> None:
    name = open_run.offer(OpenRun(jobs, paused.id, steering=OURS))
    with pytest.raises(InvalidSetting, match="there is no command"):
        obey(pause_command(name, do), "ann")


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_an_impossible_rate_is_refused_with_the_name_that_the_page_gives_it(
    jobs: Jobs, paused: RunFolder, value: object
) -> None:
    name = open_run.offer(OpenRun(jobs, paused.id, steering=OURS))
    with pytest.raises(InvalidSetting, match=r"^Learning rate must be a number from 0 to 1000, not") as refused:
        obey(pause_command(name, "learning_rate", value), "ann")
    assert len(str(refused.value)) < 200
    assert not paused.commands()


def test_a_run_that_is_over_obeys_nothing_and_stays_as_it_is(jobs: Jobs, finished: RunFolder) -> None:
    name = open_run.offer(OpenRun(jobs, finished.id, steering=OURS))
    before = finished.status()
    for do in COMMANDS:
        with pytest.raises(InvalidSetting, match=r"over|not training"):
            obey(pause_command(name, do, 0.5), "ann")
    assert finished.status() == before and not jobs.active()


def test_a_run_that_was_deleted_or_not_begun_is_refused(jobs: Jobs, paused: RunFolder) -> None:
    key = open_run.offer(OpenRun(jobs, paused.id, steering=OURS))
    run_folder.delete(jobs.root, paused.id)
    for name in (key, open_run.offer(OpenRun(jobs, "", steering=OURS))):
        with pytest.raises(InvalidSetting):
            obey(pause_command(name, "resume"), "ann")


def test_what_is_possible_is_what_the_door_knows_and_nothing_for_a_run_that_is_over(
    jobs: Jobs, paused: RunFolder
) -> None:
    assert set(MEANS) == set(COMMANDS)
    assert possible("paused") == ["resume", "batch", "epoch", "stop", "learning_rate"]
    assert possible("running") == ["pause", "stop", "learning_rate"]
    assert possible("waiting") == ["stop"] and possible("stopped") == ["resume"]
    assert not any(possible(state) for state in FINAL)
    assert moment(OpenRun(jobs, paused.id), paused).commands == possible("paused")
