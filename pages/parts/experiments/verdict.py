"""What the runs of an experiment show and what they do not, in the reader's language."""

from __future__ import annotations

from core.experiments.conclusions import conclusions
from core.experiments.group import Experiment
from core.experiments.results import Outcome
from pages.parts.experiments import words
from pages.shared import workspace
from pages.shared.language import _


def said(experiment: Experiment, found: list[Outcome]) -> list[str]:
    """Return the conclusions as sentences in the reader's language."""
    _examples, images = workspace.IMAGES[experiment.plan.base.dataset]
    made = conclusions(found, lambda values: words.label(experiment.plan, values), images)
    return [_(each.message, **each.values) for each in made] or [
        _("There is only one setting: nothing to compare.")
    ]


def rule(experiment: Experiment) -> str:
    """Return the rule of the conclusions and what they do not cover."""
    return _(
        "Rule: Welch's 95 % interval of the difference of two means, shared among all pairs; 3 seeds at least."
        " It is about these settings and {epochs} epochs of {data}, not about longer training or other data.",
        epochs=experiment.plan.base.epochs,
        data=workspace.DATASETS[experiment.plan.base.dataset],
    )
