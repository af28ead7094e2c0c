"""The runs of one workspace, behind the classroom's limits."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from core.classroom import limits, log
from core.classroom.expiry import Expiry
from core.classroom.limits import Usage
from core.classroom.settings import Settings
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.training.config import Batches, TrainConfig
from core.training.engine import Engine
from core.training.jobs import Jobs
from core.training.run_folder import RunFolder, folder_of


class SharedResources(Protocol):
    """What all workspaces of a server share."""

    root: Path
    settings: Settings
    expiry: Expiry
    pool: Engine

    def everyone(self) -> Usage:
        """Return what all workspaces hold together."""


class WorkspaceJobs(Jobs):
    """``Jobs`` of one workspace: its workspace takes turns with the others, whatever ``owner`` is given."""

    def __init__(self, folder: Path, workspace: str, shared: SharedResources) -> None:
        super().__init__(folder, pool=shared.pool)
        self.workspace, self.shared = workspace, shared
        self._one_at_a_time = threading.RLock()  # two tabs of a user count each other's runs

    def submit(
        self,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",  # noqa: ARG002  (the workspace is the owner)
        model: NamedFile | None = None,
        optimizer: NamedFile | None = None,
        run_id: str = "",
    ) -> str:
        """As ``Jobs.submit``; ``InvalidSetting`` names the limit that is reached."""
        with self._one_at_a_time:
            self._check(config)
            run_id = super().submit(config, name, batches, self.workspace, model, optimizer, run_id)
        self._tell(run_id, config)
        return run_id

    def continue_from(
        self,
        run_id: str,
        checkpoint: str,
        config: TrainConfig,
        name: str = "",
        batches: Batches = None,
        owner: str = "",  # noqa: ARG002  (the workspace is the owner)
    ) -> str:
        """As ``Jobs.continue_from``; ``InvalidSetting`` names the limit that is reached."""
        with self._one_at_a_time:
            self._check(config)
            child = super().continue_from(run_id, checkpoint, config, name, batches, self.workspace)
        self._tell(child, config, parent=run_id)
        return child

    def resume(self, run_id: str, batches: Batches = None, owner: str = "") -> None:  # noqa: ARG002
        """As ``Jobs.resume``; a run that needs a turn again, or was imported, meets the limits again."""
        with self._one_at_a_time:
            if folder_of(self.root, run_id) not in self.pool.active():
                config = RunFolder(self.root, run_id).config
                limits.check_epochs(self.shared.settings, config.epochs)
                self._check_threads(config)
                limits.check_turn(self.shared.settings, limits.usage(self.root), self.shared.everyone())
            super().resume(run_id, batches, self.workspace)

    def check_room(self) -> None:
        """Raise ``InvalidSetting`` when the workspace, or the machine, has no room for one more run."""
        mine, everyone = limits.usage(self.root), self.shared.everyone()
        limits.check_room(self.shared.settings, mine, everyone, limits.free_space(self.shared.root))
        self.shared.expiry.enter(self.workspace, create=True)

    def close(self) -> None:
        """Do nothing: the pool works for other workspaces too, and ends with the classroom."""

    def _check(self, config: TrainConfig) -> None:
        """Raise ``InvalidSetting`` for a run that may not start; otherwise make its place."""
        self._check_threads(config)
        mine, everyone = limits.usage(self.root), self.shared.everyone()
        free = limits.free_space(self.shared.root)
        limits.check_new_run(self.shared.settings, mine, everyone, free, config.epochs)
        self.shared.expiry.enter(self.workspace, create=True)

    def _check_threads(self, config: TrainConfig) -> None:
        if config.threads > self.shared.settings.threads:
            raise InvalidSetting(
                N_("{threads} threads are too many for this classroom: a run may have {most}"),
                threads=config.threads,
                most=self.shared.settings.threads,
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
