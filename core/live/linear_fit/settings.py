"""What the linear fit can be set to; each is in the address under its name."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundations.linear_fit import IN_FEATURES, OPTIMIZERS, OUT_FEATURES, TRUE_WEIGHTS, FitSettings
from core.live.settings import Choice, Number, Setting, Value

MOST_SEED = 2**31 - 1
CELLS = [(row, column) for row in range(IN_FEATURES) for column in range(OUT_FEATURES)]
WEIGHTS = tuple(f"W[{row},{column}]" for row, column in CELLS)
CELL_NAMES = tuple(f"w{row}{column}" for row, column in CELLS)
ACROSS, UPWARD = WEIGHTS[0], WEIGHTS[2]


def _weight(name: str, start: str) -> Choice:
    return Choice(name, (start, *(each for each in WEIGHTS if each != start)))


SETTINGS: tuple[Setting, ...] = (
    Number("lr", 1e-5, 10.0, 0.01, scale="log"),
    Number("batch", 1, 1000, 4, scale="log"),
    Choice("optimizer", tuple(OPTIMIZERS)),
    Number("iterations", 1, 5000, 5000, scale="log"),
    Number("samples", 1, 1000, 100, scale="log"),
    Number("noise", 0.0, 5.0, 0.0, 0.05),
    Number("seed", 0, MOST_SEED, 1),
    *(Number(name, -10.0, 10.0, start, 0.1) for name, start in zip(CELL_NAMES, TRUE_WEIGHTS, strict=True)),
    _weight("across", ACROSS),
    _weight("upward", UPWARD),
)


def fit_settings(values: Mapping[str, Value]) -> FitSettings:
    """Return what decides the fit; raises ``InvalidSetting`` where that is impossible."""
    return FitSettings(
        tuple(float(values[name]) for name in CELL_NAMES),
        int(values["samples"]),
        int(values["batch"]),
        float(values["lr"]),
        float(values["noise"]),
        str(values["optimizer"]),
        int(values["seed"]),
        int(values["iterations"]),
    )
