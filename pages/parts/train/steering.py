"""The controls that command a run over the live channel: buttons above its chart, its learning rate beside it.

They follow what the server pushes of the run; the page is told when it has to be drawn again for it.
"""

from __future__ import annotations

from typing import TypedDict

from core.live.run.moment import Moment
from core.training.run_folder import RunFolder
from pages.parts.train import live
from pages.shared import language
from pages.shared.component import component
from pages.shared.language import _


class NoteWords(TypedDict):
    """What is said of a command: ``slow`` while it has no effect yet, ``unknown`` where its answer was lost."""

    lost: str
    slow: str
    unknown: str
    success: str


class ButtonWords(NoteWords):
    """What the buttons are called; ``start`` stands on the first one while there is nothing to resume."""

    start: str
    resume: str
    pause: str
    batch: str
    epoch: str
    stop: str


class RateWords(NoteWords):
    """``label`` names the field, ``apply`` its button; ``hint`` says what a change does."""

    label: str
    apply: str
    hint: str


class SteeredData(TypedDict):
    """The run as the page found it; ``name`` is how drawings know it, ``commands`` are those that mean anything."""

    language: str
    run: str
    name: str
    state: str
    step: int
    commands: list[str]


class ButtonsData(SteeredData):
    """What ``static/js/train/buttons.js`` is given."""

    words: ButtonWords


class RateData(SteeredData):
    """What ``static/js/train/rate.js`` is given; ``rate`` is that of the next batch."""

    rate: float
    words: RateWords


def buttons(run: RunFolder, at: Moment) -> None:
    """Show the buttons of a run that is not over."""
    words: ButtonWords = {
        **_notes(),
        "start": _("Start"),
        "resume": _("Resume"),
        "pause": _("Pause"),
        "batch": _("One batch"),
        "epoch": _("One epoch"),
        "stop": _("Stop"),
    }
    data: ButtonsData = {**_run(run, at), "words": words}
    component("train/buttons")(data=data, key="train_buttons", width="content")


def rate(run: RunFolder, at: Moment) -> None:
    """Show the learning rate of the next batch, to be changed."""
    words: RateWords = {
        **_notes(),
        "success": _("The learning rate is {rate} from the next batch on."),
        "label": _("Learning rate from the next batch on"),
        "apply": _("Apply"),
        "hint": _("The curve gets a mark where it changed, and the run's script changes it at the same batch."),
    }
    data: RateData = {**_run(run, at), "rate": at.rate, "words": words}
    component("train/rate")(data=data, key="train_rate")


def _run(run: RunFolder, at: Moment) -> SteeredData:
    return {
        "language": language.current(),
        "run": run.id,
        "name": live.name(run, run.config),
        "state": at.status.state,
        "step": at.status.step,
        "commands": at.commands,
    }


def _notes() -> NoteWords:
    return {
        "lost": _("The server does not answer, so the run cannot be steered now. The page keeps trying."),
        "slow": _("The run obeys as soon as the batch, or the test, that it is computing is done."),
        "unknown": _(
            "The connection ended before the answer came, so it is not known whether this has arrived. What you see"
            " is how the run is now."
        ),
        "success": "",
    }
