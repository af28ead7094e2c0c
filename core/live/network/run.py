"""The network of a run as it learns: its newest weights, from its first ones on."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from pathlib import Path

from torch import nn

from core.live.network.source import Source
from core.recognise.readers import Reader
from core.training import live_weights
from core.training.config import TrainConfig
from core.training.network import make, spec_of
from core.training.status import OVER, read_status


def of_run(folder: Path, config: TrainConfig) -> Callable[[], Source]:
    """Return what finds the network of the run in ``folder`` at this moment, for ``source.offer``."""
    spec, first = spec_of(config.network), make(config)
    lock = threading.Lock()
    latest: list[Source] = [_source(spec.title, first, spec.input_size, f"{folder.name} first", None, None)]

    def find() -> Source:
        over = read_status(folder).state in OVER
        weights = live_weights.read(folder)
        with lock:
            if weights is not None and weights.step != (latest[0].step if latest[0].step is not None else -1):
                net = copy.deepcopy(first)
                net.load_state_dict(weights.state)
                version = f"{folder.name} {weights.step}"
                latest[0] = _source(spec.title, net, spec.input_size, version, weights.step, weights.loss)
            if over:
                latest[0] = Source(latest[0].reader, latest[0].version, latest[0].step, latest[0].loss)
            return latest[0]

    return find


def _source(title: str, net: nn.Module, size: int, version: str, step: int | None, loss: float | None) -> Source:
    return Source(Reader(title, net.eval(), size), version, step, loss, over=False)
