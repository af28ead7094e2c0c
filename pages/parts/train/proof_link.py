"""The link from a finding to what shows it: an experiment, or a program with that mistake."""

from __future__ import annotations

from core.errors import InvalidSetting
from core.experiments.proof import PROGRAM_OF, QUESTIONS_OF, proof
from core.experiments.questions import by_code
from core.script import library
from core.training.config import TrainConfig
from pages.shared import experiment_address, lessons
from pages.shared.keys import WHAT_GOES_WRONG_ENTRY
from pages.shared.language import _


def show(key: str, config: TrainConfig) -> None:
    """Offer what shows the finding ``key`` of a run of ``config``, where there is something."""
    if key in PROGRAM_OF:
        _program(PROGRAM_OF[key])
        return
    try:
        plan = proof(key, config)
    except InvalidSetting:
        return
    if plan is not None:
        question = QUESTIONS_OF[key]
        label = _("The experiment that shows it: {title}", title=_(by_code(question).title))
        lessons.link("experiments", label, experiment_address.of_plan(question, plan))


def _program(name: str) -> None:
    """Offer the entry of What goes wrong with that name."""
    label = _("A small program that shows it: {title}", title=_(library.entries()[name].title))
    lessons.link("what_goes_wrong", label, {WHAT_GOES_WRONG_ENTRY: name})
