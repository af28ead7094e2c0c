"""The words for the settings of the fit."""

from __future__ import annotations

from core.foundations.linear_fit import OPTIMIZERS, TITLES
from core.live.linear_fit.settings import CELL_NAMES, WEIGHTS
from pages.shared.instruments import ControlWords
from pages.shared.language import _


def words() -> dict[str, ControlWords]:
    """Return name and meaning of each setting, translated."""
    true_w = _("The true W, which the network does not know. Change it and the fit follows.")
    return {
        "lr": {
            "label": _("Learning rate"),
            "scale": _("Learning rate, logarithmic"),
            "hint": _("How far each step goes. Try 3: it diverges, and below you see why."),
        },
        "batch": {
            "label": _("Batch size"),
            "scale": _("Batch size, logarithmic"),
            "hint": _("How many random samples each iteration sees."),
        },
        "optimizer": {
            "label": _("Optimizer"),
            "options": {code: TITLES.get(code, code) for code in OPTIMIZERS},
        },
        "iterations": {"label": _("Iterations"), "scale": _("Iterations, logarithmic")},
        "samples": {"label": _("Samples"), "scale": _("Samples, logarithmic")},
        "noise": {
            "label": _("Noise in y"),
            "hint": _("The standard deviation of what is added to each y: then no W fits exactly."),
        },
        "seed": {"label": _("Seed")},
        **{name: {"label": label, "hint": true_w} for name, label in zip(CELL_NAMES, WEIGHTS, strict=True)},
        "across": {"label": _("Across")},
        "upward": {"label": _("Upward")},
    }
