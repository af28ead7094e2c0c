"""Where a step lies: epochs, batches and examples, and the seed of each epoch. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass

from core.training.config import TrainConfig


def epoch_seed(seed: int, epoch: int) -> int:
    """Return the seed of the order and the dropout of ``epoch``: a pure function, another one for each epoch."""
    return (seed * 100_003 + epoch) % 2**64


@dataclass(frozen=True)
class Schedule:
    """The arithmetic of a run: n examples in batches of b are ceil(n / b) steps an epoch, the last one smaller."""

    examples: int
    batch_size: int
    epochs: int
    epochs_before: int = 0

    @staticmethod
    def of(config: TrainConfig, examples: int) -> Schedule:
        """Return the schedule of ``config`` on ``examples`` training examples."""
        before = config.parent.epochs if config.parent else 0
        return Schedule(examples, config.batch_size, config.epochs, before)

    @property
    def batches_per_epoch(self) -> int:
        """ceil(n / b)"""
        return -(-self.examples // self.batch_size)

    @property
    def steps(self) -> int:
        """The batches of the whole run."""
        return self.epochs * self.batches_per_epoch

    def epoch(self, step: int) -> int:
        """Return the epoch, from 1, that batch number ``step`` belongs to; 0 for step 0."""
        return -(-step // self.batches_per_epoch)

    def first_step(self, epoch: int) -> int:
        """Return how many batches lie before ``epoch``."""
        return (epoch - 1) * self.batches_per_epoch

    def ends_epoch(self, step: int) -> bool:
        """Return whether ``step`` is the last of an epoch, or 0."""
        return step % self.batches_per_epoch == 0

    def examples_at(self, step: int) -> int:
        """Return the examples in the first ``step`` batches."""
        full, rest = divmod(step, self.batches_per_epoch)
        return full * self.examples + min(rest * self.batch_size, self.examples)
