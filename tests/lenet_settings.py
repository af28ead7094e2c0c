"""The settings of the LeNet instrument that ask for a given step."""

from __future__ import annotations

from core import i18n
from core.live.settings import Value
from core.walk.setup import Choice


def settings_of(choice: Choice) -> dict[str, Value]:
    """Return what the controls are set to where the step of ``choice`` is on the screen."""
    return {
        "input": choice.input,
        "digit": choice.digit,
        "weights": choice.weights,
        "loss": choice.loss,
        "target": str(choice.target),
        "opt": choice.optimizer,
        "lr": choice.lr,
        "seed": choice.seed,
        "before": choice.steps_before,
        "train": choice.training,
        "xgrad": choice.input_grad,
    }


def in_english(message: str, **values: object) -> str:
    """Say a sentence as an English tab hears it."""
    return i18n.translate("en", message, **values)
