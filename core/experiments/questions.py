"""Questions to begin with, each a small experiment on the built-in digits that explains a setting by running it."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import N_
from core.experiments.plan import Axis
from core.training.config import INITIALISATIONS, SCHEDULES, SettingValue


@dataclass(frozen=True)
class Question:
    """A question, what one may expect, the settings with their values, and the base's own values."""

    code: str
    title: str
    hypothesis: str
    axes: tuple[Axis, ...]
    base: dict[str, SettingValue] = field(default_factory=dict)


QUESTIONS = (
    Question(
        "learning_rate",
        N_("Which learning rate?"),
        N_("A larger rate learns more, until it is too large."),
        (Axis("learning_rate", (0.001, 0.05, 1.0)),),
    ),
    Question(
        "dropout",
        N_("Does dropout help, or was it the seed?"),
        N_("In so few epochs dropout costs accuracy."),
        (Axis("dropout", (True, False)),),
        {"learning_rate": 0.1},
    ),
    Question(
        "schedule",
        N_("Does a schedule beat a constant rate?"),
        N_("A rate that falls to zero ends at a higher accuracy than a constant one."),
        (Axis("schedule", SCHEDULES),),
        {"learning_rate": 0.2, "epochs": 5},
    ),
    Question(
        "clip_norm",
        N_("Does clipping save a rate that is too large?"),
        N_("With the gradient clipped, runs learn at a rate at which they learn nothing without."),
        (Axis("clip_norm", (0.0, 0.1)),),
        {"learning_rate": 0.5, "momentum": 0.9},
    ),
    Question(
        "initialisation",
        N_("How much does initialisation matter?"),
        N_("With weights that are zero or tiny nothing is learned in so few epochs; the others differ little."),
        (Axis("initialisation", INITIALISATIONS),),
        {"learning_rate": 0.1},
    ),
    Question(
        "augmentation",
        N_("Do shifted and rotated digits help?"),
        N_("A little of both improves the accuracy on images that were not seen."),
        (Axis("shift", (0, 2)), Axis("rotate", (0.0, 15.0))),
        {"learning_rate": 0.2, "epochs": 5},
    ),
    Question(
        "patience",
        N_("What does early stopping save?"),
        N_("Stopping early costs no accuracy."),
        (Axis("patience", (0, 2)),),
        {"learning_rate": 0.3, "epochs": 20},
    ),
    Question(
        "batch_size",
        N_("Do larger batches want a larger rate?"),
        N_("With batches of 8 the smaller rate is better, with batches of 512 the larger one."),
        (Axis("learning_rate", (0.02, 0.2)), Axis("batch_size", (8, 512))),
    ),
)


def by_code(code: str) -> Question:
    """Return the question of that code."""
    return next(question for question in QUESTIONS if question.code == code)
