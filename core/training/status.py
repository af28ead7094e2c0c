"""Status: where a run stands, written by its worker as one small file that anybody can read at any time."""

from __future__ import annotations

from dataclasses import dataclass

STATES = ("running", "paused", "waiting", "interrupted", "finished", "stopped", "diverged")
OVER = ("finished", "stopped", "diverged")


@dataclass(frozen=True)
class Status:
    """Where a run stands.

    ``state`` is one of ``STATES``. ``step`` of ``steps`` batches and ``seen`` of ``examples`` are done.
    ``loss``, ``test_loss``, ``accuracy`` and ``best_accuracy`` are the latest known, None before there is one.
    ``examples_per_second`` and ``seconds_left`` are measured by the worker, None while not running;
    ``seconds_trained`` is the time spent in batches and tests. ``updated`` is the clock (Unix seconds).
    ``problem`` is an English sentence when something went wrong (an error of the worker, a full disk).
    """

    state: str = "interrupted"
    step: int = 0
    steps: int = 0
    epoch: int = 0
    seen: int = 0
    examples: int = 0
    learning_rate: float = 0.0
    loss: float | None = None
    test_loss: float | None = None
    accuracy: float | None = None
    best_accuracy: float | None = None
    examples_per_second: float | None = None
    seconds_left: float | None = None
    seconds_trained: float = 0.0
    updated: float = 0.0
    problem: str = ""

    @property
    def progress(self) -> float:
        """The part that is done, 0…1."""
        return self.step / self.steps if self.steps else 0.0
