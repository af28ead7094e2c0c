"""From a finding of the examination to the experiment that shows whether it is so."""

from __future__ import annotations

from typing import Any

from core.experiments.plan import Axis, Plan
from core.experiments.questions import by_code
from core.training.config import REAL, TrainConfig

RATES = {  # finding: factors of the run's learning rate
    "rate_too_high": (0.1, 0.3, 1.0),
    "rate_too_low": (1.0, 10.0, 100.0),
    "not_finite": (0.01, 0.1, 1.0),
    "dead_relu": (0.01, 0.1, 1.0),
    "saturated": (0.01, 0.1, 1.0),
    "at_chance": (0.1, 1.0, 10.0),
}
FIRST_WEIGHTS = ("equal_weights", "vanishing_gradient", "exploding_gradient")
QUESTIONS_OF = {
    **dict.fromkeys(RATES, "learning_rate"),
    **dict.fromkeys(FIRST_WEIGHTS, "initialisation"),
    "overfitting": "augmentation",
}


def proof(key: str, config: TrainConfig, seeds: int = 3) -> Plan | None:
    """Return the run of ``config`` against others that lack the cause; None where no setting of a run is the cause.

    Such are a parameter that is not in the optimizer, a wrong mode or a wrong loss: they are in a program of one's
    own, and What goes wrong has a program with each and the same one repaired.
    """
    if key not in QUESTIONS_OF:
        return None
    base = config.with_(parent=None)
    axes = tuple(Axis(setting, _values(values)) for setting, values in _changes(key, config).items())
    return Plan(base, axes, seeds, by_code(QUESTIONS_OF[key]).hypothesis)


def _changes(key: str, config: TrainConfig) -> dict[str, list[Any]]:
    if key in RATES:
        most = REAL["learning_rate"][1]
        return {"learning_rate": [min(most, float(f"{f * config.learning_rate:.3g}")) for f in RATES[key]]}
    if key in FIRST_WEIGHTS:
        return {"initialisation": [config.initialisation, "default", "kaiming", "xavier"]}
    return {"shift": [config.shift, 2], "rotate": [config.rotate, 15.0]}


def _values(values: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
