"""Experiments whose runs end at once, or are only imagined."""

from __future__ import annotations

import math
import queue
from pathlib import Path
from typing import Any

from core.errors import InvalidSetting
from core.experiments.group import Experiment
from core.experiments.plan import Axis
from core.experiments.search import Range, Search
from core.training import run_folder
from core.training.config import TrainConfig
from core.training.jobs import Jobs
from core.training.run_controller import RunController
from core.training.status import Status, write_status
from tests.training.data import SMALL


class Immediate(Jobs):
    """Trains each run in this process as soon as it is asked for; refuses after ``most`` of them."""

    def __init__(self, root: Path, most: int = 100) -> None:
        super().__init__(root, standby=False)
        self.most, self.run_ids = most, []

    def submit(self, config: TrainConfig, name: str = "", **options: Any) -> str:  # type: ignore[override]
        if len(self.run_ids) >= self.most:
            raise InvalidSetting("the limit")
        self.run_ids.append(options["run_id"])
        run = run_folder.create(self.root, config, name, options["run_id"])
        RunController(run.path, queue.Queue(), lambda **_message: None).run()
        return run.id


def accuracy(values: tuple[Any, ...]) -> float:
    """A landscape with one summit: learning rate 0.03, momentum 0.8, SGD."""
    rate, momentum, _batch, optimizer = values
    return math.exp(-((math.log10(rate / 0.03)) ** 2) - (momentum - 0.8) ** 2) * (1 if optimizer == "sgd" else 0.7)


class ImaginedJobs(Jobs):
    """Makes each run and leaves it waiting, until ``end`` gives it the result of the landscape."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, standby=False)
        self.run_ids: list[str] = []

    def submit(self, config: TrainConfig, name: str = "", **options: Any) -> str:  # type: ignore[override]
        run = run_folder.create(self.root, config, name, options["run_id"])
        write_status(run.path, Status(state="paused"))
        self.run_ids.append(run.id)
        return run.id


def end(experiment: Experiment, number: int, state: str = "finished") -> None:
    """Let that run of the search come to its end."""
    path = experiment.root / f"{experiment.id}-{number:03d}"
    values = tuple(getattr(run_folder.RunFolder(path.parent, path.name).config, each) for each in SEARCH.settings)
    write_status(path, Status(state=state, accuracy=accuracy(values)))


RATE, MOMENTUM = Range("learning_rate", 1e-4, 1.0, log=True), Range("momentum", 0.0, 0.95)
SPACE = (RATE, MOMENTUM, Range("batch_size", 8, 512, log=True), Axis("optimizer", ("sgd", "adam")))


SEARCH = Search(SMALL, SPACE, runs=12, at_once=2, hypothesis="a rate near 0.03")
