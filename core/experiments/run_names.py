"""What an experiment calls its runs: by the settings that it varies, so that it can be said in any language."""

from __future__ import annotations

import re

from core.training.config import TrainConfig
from core.training.run_folder import NAME_MAX

ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")  # of an experiment
MEMBER = re.compile(ID.pattern + "-[0-9]{3}")  # of one of its runs
BETWEEN = ", "


def name_of(settings: tuple[str, ...], config: TrainConfig) -> str:
    """Return the name of a run: "learning_rate 0.1, seed 2"."""
    return BETWEEN.join(f"{name} {_text(getattr(config, name))}" for name in (*settings, "seed"))[:NAME_MAX]


def settings_in(name: str, run_id: str, config: TrainConfig) -> tuple[str, ...]:
    """Return the settings of which ``name_of`` made the ``name`` of a run; () where you named it."""
    if not MEMBER.fullmatch(run_id):
        return ()
    settings = tuple(part.partition(" ")[0] for part in name.split(BETWEEN))
    are_settings = all(setting in TrainConfig.__dataclass_fields__ for setting in settings)
    return settings if are_settings and name == name_of(settings[:-1], config) else ()


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
