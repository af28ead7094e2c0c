"""A run as curves of the live chart: training loss, test loss, accuracy, and where its learning rate changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.errors import N_
from core.figures import palette
from core.figures.curves import Curve, Mark, Values, smooth
from core.training.events import Changed, Tested
from core.training.run_folder import Curve as Losses
from core.training.run_labels import Say

SMOOTHING = 0.9  # of the training loss, unless the reader chooses otherwise
PALE, GHOST = 0.35, 0.45
GREY = "#8a8a8a"


@dataclass(frozen=True)
class Words:
    """What the curves are called in the reader's language."""

    train: str
    smoothed: str
    test: str
    accuracy: str


def in_words(say: Say) -> Words:
    """Return what the curves are called in the language of ``say``."""
    return Words(
        say(N_("training loss")), say(N_("training loss, smoothed")), say(N_("test loss")), say(N_("test accuracy"))
    )


def loss_curves(
    losses: Losses, tests: Sequence[Tested], words: Words, smoothing: float, shift: float
) -> list[Curve]:
    """Return training and test loss; ``shift`` is how many examples were seen before the run began.

    With ``smoothing`` above 0 the training loss itself is drawn pale behind its moving average.
    """
    x = losses.seen + shift
    train = Curve(words.train, *_extremes(x, losses), palette.POSITIVE, width=1.4)
    traces = [train]
    if smoothing > 0:
        average = Curve(words.smoothed, x, smooth(losses.loss, smoothing), palette.POSITIVE, width=2.6)
        traces = [replace(train, opacity=PALE), average]
    loss = np.array([test.loss for test in tests], dtype=np.float64)
    return [*traces, _tested(words.test, tests, loss, palette.NEGATIVE, shift)]


def _extremes(x: Values, losses: Losses) -> tuple[Values, Values]:
    """Return each batch, or of each group of batches the lowest and the highest: no spike is averaged away."""
    if np.array_equal(losses.low, losses.high, equal_nan=True):
        return x, losses.loss
    return np.repeat(x, 2), np.stack([losses.low, losses.high], axis=1).ravel()


def accuracy_curves(tests: Sequence[Tested], words: Words, shift: float) -> list[Curve]:
    """Return the share of test images read right, over examples seen."""
    accuracy = np.array([test.accuracy for test in tests], dtype=np.float64)
    return [_tested(words.accuracy, tests, accuracy, palette.NEGATIVE, shift)]


def _tested(name: str, tests: Sequence[Tested], y: Values, color: str, shift: float) -> Curve:
    x = np.array([test.seen for test in tests], dtype=np.float64) + shift
    return Curve(name, x, y, color, mode="markers")  # nothing was measured between two tests


def ghost(curves: Sequence[Curve], name: str) -> list[Curve]:
    """Return ``curves`` of another run in pale grey, behind the present one; the first carries its ``name``."""
    grey = [
        replace(curve, name=f"{name}: {curve.name}", color=GREY, opacity=GHOST, hover=False) for curve in curves
    ]
    return [replace(curve, name=name, hover=True) for curve in grey[:1]] + grey[1:]


def coloured(curves: Sequence[Curve], name: str, color: str) -> list[Curve]:
    """Return ``curves`` in one ``color`` and under the ``name`` of their run, to lie over those of others."""
    return [replace(curve, name=name, color=color) for curve in curves]


def changes_of_rate(changes: Sequence[Changed], first: float, words: str, shift: float) -> list[Mark]:
    """Return a mark for each change of the learning rate, "``words`` 0.01 → 0.001"; ``first`` is the first rate."""
    marks, before = [], first
    for change in changes:
        if change.learning_rate != before:
            label = f"{words} {before:g} → {change.learning_rate:g}"
            marks.append(Mark(change.seen + shift, label))
        before = change.learning_rate
    return marks
