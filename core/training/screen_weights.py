"""Weights of a run under way that were on the screen when a reader asked to look closer, in a folder of the run.

They are the model alone and are named "batch-<step>": they can be looked at as a checkpoint's can, and no run
continues from them.
"""

from __future__ import annotations

import threading
from pathlib import Path

from torch import Tensor

from core.networks import registry
from core.storage import stores
from core.training import checkpoint
from core.training.checkpoint import Snapshot
from core.training.deletion import invalid_if_deleted
from core.training.files import remove_whole
from core.training.run_folder import SCREEN_WEIGHTS, RunFolder
from core.training.schedule import Schedule

MOST = 4  # of a run; an older one goes when another comes
_lock = threading.Lock()  # two tabs of one reader


@stores(lambda run: run.path.parent)
def save(run: RunFolder, step: int, state: dict[str, Tensor]) -> str:
    """Save the weights ``state`` that ``run`` had after ``step`` batches and return their name.

    Raises ``InvalidSetting`` where they are not finite weights of its network, or the run is deleted meanwhile.
    """
    name = f"batch-{step}"
    checkpoint.load_weights(registry.build(run.config.network, seed=0), state)
    with _lock, invalid_if_deleted(run.path):
        folder = run.path / SCREEN_WEIGHTS
        folder.mkdir(exist_ok=True)  # without parents: a run that is deleted stays deleted
        checkpoint.write(folder, name, Snapshot({"model.pth": _file(state)}, _where(run, step)))
        _thin(folder)
    return name


def _file(state: dict[str, Tensor]) -> bytes:
    return checkpoint.file_bytes({name: checkpoint.plain(value) for name, value in state.items()})


def _where(run: RunFolder, step: int) -> dict[str, int]:
    examples = run.examples()
    if not examples:
        return {"step": step, "epoch": 0, "seen": 0, "epochs_begun": 0}
    times = Schedule.of(run.config, examples)
    epoch = times.epoch(step)
    return {
        "step": step,
        "epoch": epoch,
        "seen": times.examples_at(step),
        "epochs_begun": times.epochs_before + epoch,
    }


def _thin(folder: Path) -> None:
    paths = sorted(folder.glob("batch-*"), key=lambda path: path.stat().st_mtime_ns)
    for path in paths[:-MOST]:
        remove_whole(path)
