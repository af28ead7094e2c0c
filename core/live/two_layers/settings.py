"""What the four programs can be set to; each is in the address under its name."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundations.two_layers import WAYS, WaysSettings
from core.live.settings import Choice, Number, Setting, Value

MOST_SEED = 2**31 - 1
START = WaysSettings()
SIZES = ("N", "D_in", "H", "D_out")
MOST_SIZE = 4000

SETTINGS: tuple[Setting, ...] = (
    *(Number(name, 1, MOST_SIZE, getattr(START, name), scale="log") for name in SIZES),
    Number("lr", 1e-12, 10.0, START.learning_rate, scale="log"),
    Number("adam_lr", 1e-12, 10.0, START.adam_learning_rate, scale="log"),
    Number("iterations", 1, 5000, START.iterations, scale="log"),
    Number("seed", 0, MOST_SEED, START.seed),
    Choice("printed", tuple(WAYS)),
)


def ways_settings(values: Mapping[str, Value]) -> WaysSettings:
    """Return what decides the four programs; raises ``InvalidSetting`` where that is impossible."""
    sizes = {name: int(values[name]) for name in SIZES}
    return WaysSettings(
        **sizes,
        learning_rate=float(values["lr"]),
        adam_learning_rate=float(values["adam_lr"]),
        iterations=int(values["iterations"]),
        seed=int(values["seed"]),
    )
