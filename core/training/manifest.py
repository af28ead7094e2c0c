"""The manifest of a checkpoint: where the run was, and the sums of its files; an imported run brings its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.errors import N_, InvalidSetting

FILE = "manifest.json"
PLACES = ("step", "epoch", "seen", "epochs_begun")
MOST = 2**53  # of each of them: what a float64 and the history's database hold exactly


def read(path: Path) -> dict[str, Any]:
    """Return the manifest of the checkpoint at ``path``; raises ``InvalidSetting`` when it is damaged."""
    try:
        where = json.loads((path / FILE).read_bytes()[:100_000])
        if all(type(where[key]) is int and 0 <= where[key] <= MOST for key in PLACES):
            return where  # type: ignore[no-any-return]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise damaged(path, FILE)


def damaged(path: Path, file: str) -> InvalidSetting:
    """Return the error that names the damaged ``file`` of the checkpoint at ``path``."""
    return InvalidSetting(
        N_("checkpoint {name} is damaged: {file} is not what was saved"), name=path.name, file=file
    )
