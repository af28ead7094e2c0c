"""The network of a run as it learns: its newest weights, from its first ones on."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from core.live.network.source import Source
from core.recognise.readers import Reader
from core.training import live_weights
from core.training.checkpoint import load_model
from core.training.config import TrainConfig
from core.training.live_weights import Weights
from core.training.network import make, spec_of
from core.training.run_folder import Checkpoint, RunFolder
from core.training.status import OVER, UNDER_WAY, read_status

RECENT = 24  # weights that are kept: of some seconds, in which a press on what they showed arrives


class RunNetwork:
    """The network of the run in ``folder`` at this moment, for ``source.offer``; any method, from any thread."""

    def __init__(self, folder: Path, config: TrainConfig) -> None:
        self.folder = folder
        self.spec, self.first = spec_of(config.network), make(config)
        self._lock = threading.Lock()
        reader = Reader(self.spec.title, self.first.eval(), self.spec.input_size)
        self._latest = Source(reader, f"{folder.name} first", dataset=config.dataset)
        self._recent: OrderedDict[int, dict[str, Tensor]] = OrderedDict({0: self.first.state_dict()})

    def __call__(self) -> Source:
        """Return the network with its newest weights."""
        state = read_status(self.folder).state
        weights = live_weights.read(self.folder)
        saved = self._newest_checkpoint() if weights is None else None
        with self._lock:
            if saved is not None and saved.step != self._latest.step:  # of a run that hands nothing out
                self._take(Reader(self.spec.title, load_model(saved.path), self.spec.input_size), saved.step)
            if weights is not None and weights.step != self._latest.step:
                self._take_weights(weights)
            return replace(self._latest, over=state in OVER, learns=state in UNDER_WAY)

    def weights_at(self, step: int) -> dict[str, Tensor] | None:
        """Return the weights after ``step`` batches, None where they were not handed out or some seconds ago."""
        with self._lock:
            return self._recent.get(step)

    def _take(self, reader: Reader, step: int) -> None:
        version = f"{self.folder.name} {step}"
        self._latest = replace(self._latest, reader=reader, version=version, step=step)

    def _take_weights(self, weights: Weights) -> None:
        net = copy.deepcopy(self.first)
        net.load_state_dict(weights.state)
        self._take(Reader(self.spec.title, net.eval(), self.spec.input_size), weights.step)
        self._latest = replace(self._latest, loss=weights.loss)
        self._recent[weights.step] = weights.state
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def _newest_checkpoint(self) -> Checkpoint | None:
        checkpoints = RunFolder(self.folder.parent, self.folder.name).checkpoints()
        return checkpoints[-1] if checkpoints else None
