"""The examination of a run: the worker looks at some of its steps, and a page reads what was seen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import fmean

from core.datasets import Dataset
from core.examination import Examination, Examiner, store
from core.examination.examination import Data, Test
from core.examination.watch import measure
from core.training.config import TrainConfig
from core.training.examples import prepare
from core.training.loop import TrainState
from core.training.run_folder import RunFolder
from core.training.schedule import Schedule

EVERY = 100  # steps; the benchmark measures what that costs
SAMPLE = 1000  # examples


def observer(folder: Path, config: TrainConfig, state: TrainState, data: Dataset) -> Examiner:
    """Return what looks at the steps of a run from ``state`` on and writes what it sees into ``folder``."""
    examiner = Examiner(state.network, state.optimizer, EVERY, partial(store.add, folder))
    store.begin(folder, examiner.parameters, sample(config, data), state.step)
    return examiner


def sample(config: TrainConfig, data: Dataset) -> Data:
    """Measure the first training examples, as the network takes them."""
    return measure(*prepare(config.with_(device="cpu"), data)[0][:SAMPLE])


def examination(run: RunFolder) -> Examination | None:
    """Return what was seen of ``run``, with its tests; None where nothing was."""
    examination_of_run = store.read(run.path)
    return None if examination_of_run is None else replace(examination_of_run, tests=tuple(tests(run)))


def tests(run: RunFolder) -> list[Test]:
    """Return the tests of ``run``, each beside the mean training loss of the epoch before it."""
    batches, examples = run.losses(), run.examples()
    if not examples:
        return []
    times = Schedule.of(run.config, examples)
    evaluations = []
    for tested in run.tests():
        epoch = batches[max(0, tested.step - times.batches_per_epoch) : tested.step]
        if len(epoch):
            evaluations.append(Test(tested.step, tested.loss, fmean(epoch)))
    return evaluations
