"""From a finding of the examination to what shows it: an experiment, or a program with that mistake."""

from __future__ import annotations

from core.experiments.plan import Axis, Plan
from core.experiments.questions import by_code
from core.training.config import REAL, SettingValue, TrainConfig

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
PROGRAM_OF = {  # finding that no setting of a run causes: the program of What goes wrong that has it
    "frozen": "34_frozen_batch_norm",
    "not_in_optimizer": "31_not_in_optimizer",
    "no_gradient": "29_no_gradient",
    "eval_while_training": "04_train_forgotten",
    "train_while_testing": "03_eval_forgotten",
    "softmax_before_cross_entropy": "07_softmax_before_cross_entropy",
    "nll_without_log_softmax": "07_nll_without_log_softmax",
    "no_zero_grad": "14_no_zero_grad",
    "nan_in_data": "41_nan_division",
    "not_normalised": "33_input_range",
    "labels_shuffled": "30_loss_at_chance",
}


def proof(key: str, config: TrainConfig, seeds: int = 3) -> Plan | None:
    """Return the run of ``config`` against others that lack the cause; None where no setting of a run is the cause.

    Such are a parameter that is not in the optimizer, a wrong mode or a wrong loss: ``PROGRAM_OF`` has a program
    with each, and What goes wrong the same one repaired.
    """
    if key not in QUESTIONS_OF:
        return None
    base = config.with_(parent=None)
    axes = tuple(Axis(setting, _values(values)) for setting, values in _changes(key, config).items())
    return Plan(base, axes, seeds, by_code(QUESTIONS_OF[key]).hypothesis)


def _changes(key: str, config: TrainConfig) -> dict[str, list[SettingValue]]:
    if key in RATES:
        most = REAL["learning_rate"][1]
        return {"learning_rate": [min(most, float(f"{f * config.learning_rate:.3g}")) for f in RATES[key]]}
    if key in FIRST_WEIGHTS:
        return {"initialisation": [config.initialisation, "default", "kaiming", "xavier"]}
    return {"shift": [config.shift, 2], "rotate": [config.rotate, 15.0]}


def _values(values: list[SettingValue]) -> tuple[SettingValue, ...]:
    return tuple(dict.fromkeys(values))
