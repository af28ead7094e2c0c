"""What a classroom's server allows, as one record that the environment sets. Standard library only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_type_hints

from core.errors import N_, InvalidSetting
from core.live.allowance import Rates
from core.settings import CLASSROOM

PREFIX = "STEPWISE_"
MB = 1_000_000


@dataclass(frozen=True)
class Settings:
    """The settings of ``make serve``; ``STEPWISE_`` and the name in capitals is the variable that sets one.

    ``STEPWISE_EPOCHS=20 make serve`` lets nobody ask for more than 20 epochs. Sizes are megabytes of 10^6 bytes.
    """

    address: str = "127.0.0.1"  # where the server listens; 0.0.0.0 is every network the machine is in
    port: int = 8501
    active_runs: int = 0  # training at the same time; 0: as many as the machine has cores
    threads: int = 1  # of each run, so that active_runs of them share the cores
    runs_at_once: int = 3  # of one user, training, paused and waiting together
    queue: int = 200  # waiting runs of all users together
    stored_runs: int = 40  # in one workspace
    epochs: int = 50  # of one run
    disk_mb: int = 500  # of one workspace
    all_disk_mb: int = 50_000  # of all workspaces together
    free_disk_mb: int = 1_000  # what the disk must have left for a new run to start
    upload_mb: int = 5  # of one file
    uploads_per_hour_mb: int = 100  # of one user
    live_requests: int = 150  # questions of one user's drawings in one second (``core.live``)
    live_kb: int = 4_000  # that they carry in one second, in both directions; 1 kB is 1000 bytes
    live_processor: int = 50  # percent of one processor that answers to one user may take
    tabs: int = 20  # connections of one user at the same time
    all_tabs: int = 1_000  # connections of all users at the same time
    programs: int = 0  # of the reader's own that run at the same time; 0: nobody runs any
    program_seconds: int = 60  # of one program
    program_memory_mb: int = 2_000  # of one program
    expire_days: float = 60.0  # a workspace unused for so long is deleted; 0: never

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            least = 0 if field.name in ("active_runs", "expire_days", "free_disk_mb", "programs") else 1
            if field.name == "address":
                continue
            if not least <= value <= 10**9:  # NaN compares false: refused too
                raise InvalidSetting(
                    N_("{setting} must be a number from {low} to {high}, not {value}"),
                    setting=PREFIX + field.name.upper(),
                    low=least,
                    high=10**9,
                    value=value,
                )

    @property
    def most_active_runs(self) -> int:
        """How many runs may train at once."""
        return self.active_runs or os.cpu_count() or 1

    def live_rates(self) -> Rates:
        """Return the rates at which one user's drawings may ask."""
        return Rates(self.live_requests, self.live_kb * 1000, self.live_processor / 100)


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that ``environment`` asks for; a value that is no number raises ``InvalidSetting``."""
    kinds = get_type_hints(Settings)
    values: dict[str, str | int | float] = {}
    for field in fields(Settings):
        text = environment.get(PREFIX + field.name.upper(), "").strip()
        if not text:
            continue
        try:
            values[field.name] = kinds[field.name](text)
        except ValueError:
            raise InvalidSetting(
                N_("{setting} must be a number from {low} to {high}, not {value}"),
                setting=PREFIX + field.name.upper(),
                low=0,
                high=10**9,
                value=text[:60],
            ) from None
    return Settings(**values)  # type: ignore[arg-type]


def is_classroom(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether this server has many users with a workspace each."""
    return environment.get(CLASSROOM) == "1"
