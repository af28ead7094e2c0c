"""Several values of one setting: chosen where it is a choice, else typed with commas between them."""

from __future__ import annotations

from core import datasets
from core.experiments.plan import Axis, options, parse
from core.networks import registry
from core.training.config import TrainConfig
from pages.parts.experiments import address_fields
from pages.shared import workspace
from pages.shared.experiment_address import code_of
from pages.shared.language import _


def axis(setting: str, key: str, begin: Axis | None = None) -> Axis:
    """Show the field of ``setting`` under ``key``, in which ``begin`` stands at first, and return its values."""
    name, codes = workspace.setting_words()[setting], choices(setting)
    start = [code_of(value) for value in begin.values] if begin else []
    if not codes:
        typed = address_fields.text(name, key, ", ".join(start), placeholder=_("values, with commas between"))
        return Axis(setting, parse(setting, typed))
    picked = address_fields.several(
        name, codes, key, start, format_func=lambda code: word(setting, code), placeholder=_("Choose values")
    )
    return Axis(setting, tuple(parse(setting, code)[0] for code in picked))


def every(setting: str) -> Axis | None:
    """Return all values of a setting whose values are chosen, None where they are typed."""
    codes = choices(setting)
    return Axis(setting, tuple(parse(setting, code)[0] for code in codes)) if codes else None


def word(setting: str, code: str) -> str:
    """Return what the value of that code is called."""
    config = TrainConfig(dataset="digits")
    return workspace.setting_value(setting, config.with_(**{setting: parse(setting, code)[0]}))


def field_value(axis: Axis) -> list[str] | str:
    """Return the values of ``axis`` as its field holds them: codes, or a text."""
    if choices(axis.setting):
        return [code_of(value) for value in axis.values]
    return ", ".join(map(code_of, axis.values))


def choices(setting: str) -> tuple[str, ...]:
    """Return the codes of a setting whose values are chosen, () where they are typed."""
    if setting == "dropout":
        return ("true", "false")
    if setting == "network":
        return tuple(registry.DIGIT_NETS)
    return datasets.available() if setting == "dataset" else options(setting)
