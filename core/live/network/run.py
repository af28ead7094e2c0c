"""The network of a run as it learns: its newest weights, from its first ones on."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.live.network.source import Source
from core.recognise.readers import Reader
from core.training import live_weights
from core.training.checkpoint import load_model
from core.training.config import TrainConfig
from core.training.network import make, spec_of
from core.training.run_folder import Checkpoint, RunFolder
from core.training.status import OVER, read_status


def of_run(folder: Path, config: TrainConfig) -> Callable[[], Source]:
    """Return what finds the network of the run in ``folder`` at this moment, for ``source.offer``."""
    spec, first = spec_of(config.network), make(config)
    lock = threading.Lock()
    latest = [
        Source(Reader(spec.title, first.eval(), spec.input_size), f"{folder.name} first", dataset=config.dataset)
    ]

    def find() -> Source:
        over = read_status(folder).state in OVER
        weights = live_weights.read(folder)
        saved = _newest_checkpoint(folder) if weights is None else None
        with lock:
            if saved is not None and saved.step != latest[0].step:  # a network that is not handed out, or was not
                reader = Reader(spec.title, load_model(saved.path).eval(), spec.input_size)
                latest[0] = replace(
                    latest[0], reader=reader, version=f"{folder.name} {saved.step}", step=saved.step
                )
            if weights is not None and weights.step != (latest[0].step if latest[0].step is not None else -1):
                net = copy.deepcopy(first)
                net.load_state_dict(weights.state)
                reader = Reader(spec.title, net.eval(), spec.input_size)
                version = f"{folder.name} {weights.step}"
                latest[0] = replace(latest[0], reader=reader, version=version, step=weights.step, loss=weights.loss)
            return replace(latest[0], over=over)

    return find


def _newest_checkpoint(folder: Path) -> Checkpoint | None:
    checkpoints = RunFolder(folder.parent, folder.name).checkpoints()
    return checkpoints[-1] if checkpoints else None
