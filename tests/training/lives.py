"""One worker's time with a run, in this process: commands at a step, kills, a run that nothing happened to."""

from __future__ import annotations

from typing import Any

from core.training import checkpoint
from core.training.loop import new_state, train
from core.training.run_controller import RunController
from core.training.run_folder import RunFolder
from tests.training.comparing import digest
from tests.training.data import SMALL, tiny_dataset

DATA = tiny_dataset()


CONFIG = SMALL.with_(epochs=3)  # 4 batches an epoch, 12 in all


STEPS = 12


class Kill(BaseException):
    """What SIGKILL is: nothing after it is done, nothing catches it."""


class Script:
    """Commands that arrive when the run reaches a step; when a paused run hears no more, its server leaves."""

    def __init__(self, *commands: tuple[int, dict[str, Any]]) -> None:
        self.commands = list(commands)
        self.controller: RunController | None = None

    def empty(self) -> bool:
        assert self.controller is not None
        return not (self.commands and self.commands[0][0] <= self.controller.state.step)

    def get(self) -> dict[str, Any]:
        command = self.commands.pop(0)[1] if self.commands else {"do": "leave"}
        if command["do"] == "kill":
            raise Kill
        return command


def live(run: RunFolder, *commands: tuple[int, dict[str, Any]], batches: Any = None) -> int | None:
    """One worker's time with the run, in this process; None when it was killed."""
    script = Script(*commands)
    script.controller = RunController(run.path, script, lambda **_: None)
    try:
        return script.controller.run(batches)
    except Kill:
        return None


def assert_is_the_run_that_nothing_happened_to(run: RunFolder) -> None:
    """Its events, its last weights and its optimizer's state, bit for bit, each event once and in order."""
    state = new_state(run.config)
    expected = list(train(run.config, DATA, state, run.commands()))
    assert [event for _, event in run.events()] == expected
    last = run.checkpoint(f"epoch-{run.config.epochs}")
    assert digest(checkpoint.restore(run.config, checkpoint.load(last.path))) == digest(state)
    assert run.status().state == "finished"
    assert run.status().step == run.status().steps == STEPS
    assert run.status().best_accuracy == max(test.accuracy for test in run.tests())


class WhenPaused:
    """Commands that come once the run has paused."""

    def __init__(self, *commands: dict[str, object]) -> None:
        self.commands = list(commands)

    def empty(self) -> bool:
        return True

    def get(self) -> dict[str, object]:
        return self.commands.pop(0)
