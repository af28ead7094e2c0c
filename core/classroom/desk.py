"""A desk: the door to the runs of one workspace, with the classroom's limits before it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from core.classroom import limits, log
from core.errors import N_, Refusal
from core.file_kind import NamedFile
from core.training.config import Batches, TrainConfig
from core.training.jobs import Jobs
from core.training.run_folder import RunFolder, folder_of

if TYPE_CHECKING:
    from core.classroom.machine import Machine


class Desk(Jobs):
    """``Jobs`` of one workspace: whoever sits here takes turns with the others, whatever ``owner`` they name."""

    def __init__(self, folder: Path, workspace: str, machine: Machine) -> None:
        super().__init__(folder, crew=machine.crew)
        self.workspace, self.machine = workspace, machine
        self._one_at_a_time = threading.RLock()  # two tabs of a person count each other's runs

    def submit(
        self,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",  # noqa: ARG002  (who sits here is the owner)
        model: NamedFile | None = None,
        optimizer: NamedFile | None = None,
    ) -> str:
        """As ``Jobs.submit``; ``Refusal`` names the limit that is reached."""
        with self._one_at_a_time:
            self._check(config)
            run_id = super().submit(config, name, batches, self.workspace, model, optimizer)
        self._tell(run_id, config)
        return run_id

    def continue_from(
        self,
        run_id: str,
        checkpoint: str,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",  # noqa: ARG002  (who sits here is the owner)
    ) -> str:
        """As ``Jobs.continue_from``; ``Refusal`` names the limit that is reached."""
        with self._one_at_a_time:
            self._check(config)
            child = super().continue_from(run_id, checkpoint, config, name, batches, self.workspace)
        self._tell(child, config, parent=run_id)
        return child

    def resume(self, run_id: str, batches: Batches = None, owner: str = "") -> None:  # noqa: ARG002
        """As ``Jobs.resume``; a run that needs a turn again, or was brought in, meets the limits again."""
        with self._one_at_a_time:
            if folder_of(self.root, run_id) not in self.crew.active():
                config = RunFolder(self.root, run_id).config
                limits.check_epochs(self.machine.settings, config.epochs)
                self._check_threads(config)
                limits.check_turn(self.machine.settings, limits.usage(self.root), self.machine.everyone())
            super().resume(run_id, batches, self.workspace)

    def check_room(self) -> None:
        """Raise ``Refusal`` when the workspace, or the machine, has no room for one more run."""
        mine, everyone = limits.usage(self.root), self.machine.everyone()
        limits.check_room(self.machine.settings, mine, everyone, limits.free_space(self.machine.root))
        self.machine.expiry.enter(self.workspace, furnish=True)

    def close(self) -> None:
        """Leave the desk as it is: the crew works for others too, and ends with the machine."""

    def _check(self, config: TrainConfig) -> None:
        """Raise ``Refusal`` for a run that may not start; otherwise see to it that there is a place for it."""
        self._check_threads(config)
        mine, everyone = limits.usage(self.root), self.machine.everyone()
        free = limits.free_space(self.machine.root)
        limits.check_new_run(self.machine.settings, mine, everyone, free, config.epochs)
        self.machine.expiry.enter(self.workspace, furnish=True)

    def _check_threads(self, config: TrainConfig) -> None:
        if config.threads > self.machine.settings.threads:
            raise Refusal(
                N_("{threads} threads are too many for this classroom: a run may have {most}"),
                threads=config.threads,
                most=self.machine.settings.threads,
            )

    def _tell(self, run_id: str, config: TrainConfig, parent: str = "") -> None:
        log.write(
            "run asked",
            workspace=self.workspace[:8],
            run=run_id,
            dataset=config.dataset,
            network=config.network[:60],
            optimizer=config.optimizer,
            epochs=config.epochs,
            batch_size=config.batch_size,
            parent=parent,
        )
