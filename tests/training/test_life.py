"""A run's life against a model: whatever happens in whatever order, its state is known and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core import datasets
from core.training import checkpoint_writer, files, run_folder
from core.training.events import Started
from core.training.loop import new_state, train
from core.training.run_folder import RunFolder
from tests.examples import up_to
from tests.training.lives import CONFIG, DATA, STEPS, assert_is_the_run_that_nothing_happened_to, live

pytestmark = pytest.mark.heavy

ENDS = {"pause": "paused", "leave": "interrupted", "stop": "stopped", "kill": "interrupted"}
RATES = st.sampled_from([0.001, 0.01, 0.1])


class Life(RuleBasedStateMachine):
    """The model: ``state``; ``safe``, the step that was saved in good order; ``top``, the furthest step trained."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(datasets, "load", lambda _name: DATA)
        self.patch.setattr(checkpoint_writer, "AUTO_SECONDS", 0.0)
        self.patch.setattr(files.os, "fsync", lambda _: None)
        self.root = Path(tempfile.mkdtemp())
        self.run = run_folder.create(self.root, CONFIG, "a life")
        self.state, self.safe, self.top = "interrupted", 0, 0
        self.jump = 0.0
        clock = time.time
        self.patch.setattr(time, "time", lambda: clock() + self.jump)

    @precondition(lambda self: self.state != "finished")
    @rule(until=st.integers(1, STEPS), end=st.sampled_from(sorted(ENDS)), rate=st.none() | RATES)
    def work(self, until: int, end: str, rate: float | None) -> None:
        """A worker takes the run up, perhaps changes the rate, and ends in one of four ways at step ``until``."""
        commands = [(until, {"do": end})]
        if rate is not None:
            commands.insert(0, (until, {"do": "learning_rate", "value": rate}))
        live(self.run, *commands)
        start = self.started()
        assert self.safe <= start <= self.top
        if start == STEPS:
            self.state, self.safe, self.top = "finished", STEPS, STEPS
            return
        reached = max(until, start + 1)
        self.state, self.top = ENDS[end], max(self.top, reached)
        if end != "kill":
            self.safe = reached
            self.top = reached

    @precondition(lambda self: self.state != "finished")
    @rule(batches=st.integers(1, 5))
    def step(self, batches: int) -> None:
        """A worker trains so many batches and pauses; then its server leaves."""
        live(self.run, batches=batches)
        start = self.started()
        assert self.safe <= start <= self.top
        if start + batches > STEPS or start == STEPS:
            self.state, self.safe, self.top = "finished", STEPS, STEPS
        else:
            self.state, self.safe, self.top = "paused", start + batches, start + batches

    @precondition(lambda self: self.state == "finished")
    @rule()
    def look_at_the_end(self) -> None:
        """A run that is over is the run that nothing happened to."""
        assert_is_the_run_that_nothing_happened_to(self.run)

    @rule(years=st.sampled_from([-60, -1, 1, 60]))
    def the_clock_jumps(self, years: int) -> None:
        """The wall clock is set to another year: nothing hangs on it."""
        self.jump += years * 365 * 86_400.0

    @rule()
    def the_server_restarts(self) -> None:
        """What is known of the run is read from its folder again."""
        self.run = RunFolder(self.root, self.run.id)

    def started(self) -> int:
        """Return the step at which the last worker took the run up."""
        return next(event.step for _, event in reversed(self.run.life()) if isinstance(event, Started))

    @invariant()
    def the_state_is_the_models(self) -> None:
        status = self.run.status()
        assert status.state == self.state
        if self.state in ("paused", "stopped", "finished"):
            assert status.step == self.safe

    @invariant()
    def the_history_is_the_beginning_of_the_one_true_history(self) -> None:
        history = [event for _, event in self.run.events()]
        expected = train(CONFIG, DATA, new_state(CONFIG), self.run.commands())
        assert history == list(islice(expected, len(history)))
        assert [summary.id for summary in run_folder.list_runs(self.root)] == [self.run.id]

    def teardown(self) -> None:
        try:
            while self.run.status().state != "finished":
                live(self.run)
            assert_is_the_run_that_nothing_happened_to(self.run)
        finally:
            self.patch.undo()
            shutil.rmtree(self.root)


Life.TestCase.settings = settings(max_examples=up_to(8), stateful_step_count=6, deadline=None)
TestLife = Life.TestCase
