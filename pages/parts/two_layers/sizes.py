"""The sizes, rates and seed that all four programs share, and the losses that follow them."""

from __future__ import annotations

from typing import TypedDict

from core.foundations.two_layers import WaysSettings
from core.live.two_layers import INSTRUMENT
from core.live.two_layers.settings import ways_settings
from pages.shared import helper_process, instruments
from pages.shared.instruments import ControlWords
from pages.shared.language import _

PREFIX = "two_layers"
# The largest sizes take 5 s a program on a machine that does nothing else.
LIMITS = helper_process.Limits(seconds=90.0, memory_mb=1_500)
TITLES = {
    "numpy": "1  NumPy",
    "tensors": "2  torch tensors",
    "sequential": "3  nn.Sequential + autograd",
    "module": "4  nn.Module + Adam",
}


class LockstepWords(TypedDict):
    """The words of the drawing; where ``compact``, it is its controls alone."""

    compact: bool
    settings: str
    more: str
    lost: str
    names: list[str]
    shapes: str
    losses: str
    where: str
    numbers: str
    columns: list[str]


def settings(compact: bool) -> WaysSettings:
    """Show the instrument, or its controls alone, and return what they say; raises ``InvalidSetting``."""
    now = instruments.values(INSTRUMENT, PREFIX)
    labels: LockstepWords = {
        "compact": compact,
        "settings": _("Settings of the four programs"),
        "more": _("Rate of Adam, seed"),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
        "names": list(TITLES.values()),
        "shapes": _("The matrices, to scale (logarithmic)"),
        "losses": _("The losses of the four programs"),
        "where": _("iteration {at} of {done}", at="{at}", done="{done}"),
        "numbers": _("The losses as numbers"),
        "columns": [_("iteration"), *TITLES.values(), _("difference of 1, 2, 3 / first loss")],
    }
    instruments.show("two_layers/lockstep", INSTRUMENT, PREFIX, now, words(), labels)
    return ways_settings(now)


def keep() -> None:
    """Keep the settings in session and address where a part of the lesson shows none."""
    instruments.values(INSTRUMENT, PREFIX)


def words() -> dict[str, ControlWords]:
    """Return name and meaning of each setting, translated."""
    help_of = {
        "N": _("samples in the batch"),
        "D_in": _("numbers in a sample"),
        "H": _("hidden units"),
        "D_out": _("numbers in an output"),
    }
    labels = {
        "lr": _("Learning rate of 1, 2, 3"),
        "adam_lr": _("Learning rate of Adam"),
        "iterations": _("Iterations"),
    }
    return {
        **{name: {"label": name, "scale": _scale(name), "hint": hint} for name, hint in help_of.items()},
        **{name: {"label": label, "scale": _scale(label)} for name, label in labels.items()},
        "seed": {"label": _("Seed")},
        "printed": {"label": _("All that a program prints: print(it, loss)"), "options": TITLES},
    }


def _scale(name: str) -> str:
    return _("{name}, logarithmic", name=name)
