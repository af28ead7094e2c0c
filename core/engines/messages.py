"""What the server and a node tell each other about a run. Frozen facts, standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.training.config import Batches
from core.training.events import Event, Life


@dataclass(frozen=True)
class Package:
    """All that a node needs to go on with a run as this server would.

    ``files``: path in the run's folder -> content (configuration, status, examination, newest checkpoints).
    ``changes``: the learning rates that were set, step -> rate. ``furthest``: the last step of the history, which
    stays on the server. ``batches``: how far to go before pausing.
    """

    run: str
    files: dict[str, bytes]
    changes: dict[int, float]
    furthest: int
    examples: int
    batches: Batches = None


@dataclass(frozen=True)
class Cursor:
    """What the server has of a run on a node. A node keeps no memory of what it sent: it is asked with a cursor.

    ``sequence``: number of the last event, None before the worker began. ``life`` and ``changes`` are counts,
    ``examination`` and ``weights`` say how much of these files the server has, ``folder_state`` what the folder
    looked like.
    """

    sequence: int | None = None
    life: int = 0
    changes: int = 0
    checkpoints: frozenset[str] = frozenset()
    examination: int = 0
    weights: int = 0
    folder_state: tuple[object, ...] = ()


@dataclass(frozen=True)
class Update:
    """What a run did since a cursor, in the order in which it is to be written; ``cursor`` is the one after it.

    ``automatic``: the automatic checkpoints that the node still has. ``status``: the status file, None: as before.
    ``obeyed``: number of the last command that was obeyed. ``over``: no worker has the run and this is all.
    ``error``: why the node cannot tell what the run did, "" when it can.
    """

    cursor: Cursor
    examples: int = 0
    life: tuple[tuple[float, Life], ...] = ()
    changes: dict[int, float] = field(default_factory=dict)
    events: tuple[tuple[int, Event], ...] = ()
    checkpoints: dict[str, dict[str, bytes]] = field(default_factory=dict)
    automatic: frozenset[str] = frozenset()
    examination: tuple[int, bytes] | None = None
    weights: bytes | None = None
    status: bytes | None = None
    obeyed: int = 0
    over: bool = False
    error: str = ""


@dataclass(frozen=True)
class Versions:
    """What must be the same on the server and on a node for a run to be the same. ``source``: hash of ``core``."""

    python: str
    torch: str
    source: str


@dataclass(frozen=True)
class Facts:
    """What a node says of itself; ``data`` are the data sets that it has."""

    versions: Versions
    processor: str
    data: tuple[str, ...]
