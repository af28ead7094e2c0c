"""The link from a finding to the experiment that shows whether it is so."""

from __future__ import annotations

from core.errors import InvalidSetting
from core.experiments.proof import QUESTIONS_OF, proof
from core.experiments.questions import by_code
from core.training.config import TrainConfig
from pages.shared import experiment_address, lessons
from pages.shared.language import _


def show(key: str, config: TrainConfig) -> None:
    """Offer the experiment of the finding ``key`` of a run of ``config``, where there is one."""
    try:
        plan = proof(key, config)
    except InvalidSetting:
        return
    if plan is not None:
        question = QUESTIONS_OF[key]
        label = _("The experiment that shows it: {title}", title=_(by_code(question).title))
        lessons.link("experiments", label, experiment_address.of_plan(question, plan))
