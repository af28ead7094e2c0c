"""Jobs: the narrow door to training. Starts workers, queues what exceeds the cores, passes commands on.

One ``Jobs`` belongs to the server process (``st.cache_resource`` in pages); every method may be called from any
thread. What a run is and did is read from its ``RunFolder``, not from here.
"""

from __future__ import annotations

from pathlib import Path

from core.training.config import TrainConfig
from core.training.events import Event


class Jobs:
    """The runs of one folder ``root``: at most ``limit`` train at once, the rest wait their turn."""

    def __init__(self, root: Path, limit: int | None = None, standby: bool = True) -> None:
        """``limit`` defaults to the cores; ``standby`` keeps one worker ready that has imported torch already."""

    def submit(
        self,
        config: TrainConfig,
        name: str = "",
        batches: int | None = None,
        owner: str = "",
        model: bytes | None = None,
        optimizer: bytes | None = None,
    ) -> str:
        """Make a run and start it, or let it wait for its turn; return its id.

        ``batches``: pause by itself after so many (1: one batch; see ``batches_per_epoch``). ``owner``: whose turn
        it is, for the fair queue. ``model``/``optimizer``: contents of uploaded ``model.pth``/``optimizer.pth`` to
        start from; they are checked before anything is made (``Refusal`` says what is wrong with them).
        ``config.parent`` names a checkpoint to start from instead, see ``continue_from``.
        """
        raise NotImplementedError

    def continue_from(
        self, run_id: str, checkpoint: str, config: TrainConfig, name: str = "", owner: str = ""
    ) -> str:
        """Start a child of ``run_id`` from that checkpoint under ``config`` (its ``parent`` is filled in).

        ``config.epochs`` is how many more. Network and data must be the parent's where the weights demand it
        (``Refusal``). With settings unchanged, 3 epochs and 2 more give exactly what 5 give.
        """
        raise NotImplementedError

    def command(self, run_id: str, do: str, **values: float) -> None:
        """Tell a run what to do; ``Refusal`` when that is impossible in its state.

        "pause"; "resume" (also a run that was interrupted or stopped: exactly where it was); "batch" and "epoch"
        (go on for one and pause again); "stop"; "learning_rate" with ``value=``.
        """

    def resume(self, run_id: str, batches: int | None = None, owner: str = "") -> None:
        """Take a paused, interrupted or stopped run up where it was, bit for bit; it may have to wait its turn."""

    def kill(self, run_id: str) -> None:
        """End a run's worker at once, without a checkpoint (what a crash would do)."""

    def events(self, run_id: str, after: int = -1, limit: int = 10_000) -> list[tuple[int, Event]]:
        """Return a run's history after sequence number ``after``; see ``RunFolder.events``."""
        raise NotImplementedError

    def place(self, run_id: str) -> int | None:
        """Return the run's place in the queue (1: next), None when it does not wait."""
        raise NotImplementedError

    def delete(self, run_id: str) -> None:
        """End a run if it is active and delete its folder."""

    def close(self) -> None:
        """Checkpoint and end every worker; nothing is left behind."""
