"""What the runs of an experiment show and what they do not, in the reader's language."""

from __future__ import annotations

from typing import Any

from core.experiments.conclusions import conclusions
from core.experiments.group import Experiment
from core.experiments.results import ENDED, Outcome, states
from core.experiments.search import Search
from core.experiments.search_conclusions import search_conclusions
from pages.parts.experiments import words
from pages.shared import workspace
from pages.shared.language import _


def sentences(experiment: Experiment, outcomes: list[Outcome]) -> list[str]:
    """Return the conclusions as sentences in the reader's language."""
    plan = experiment.plan

    def label(values: tuple[Any, ...]) -> str:
        return words.label(plan, values)

    if isinstance(plan, Search):
        names = workspace.setting_words()
        left = sum(state not in ENDED for state in states(experiment, outcomes))
        remarks = search_conclusions(plan, outcomes, left, label, names.__getitem__)
    else:
        remarks = conclusions(outcomes, label, workspace.IMAGES[plan.base.dataset][1])
    return [_(each.message, **each.values) for each in remarks] or [
        _("There is only one setting: nothing to compare.")
    ]


def rule(experiment: Experiment) -> str:
    """Return the rule of the conclusions and what they do not cover."""
    if isinstance(experiment.plan, Search):
        return _(
            "Optuna's TPE sampler proposes each run from the accuracies of those before it; all have seed {seed}."
            " The best one was chosen for its accuracy, so that accuracy is likely too high, and close runs may"
            " differ by luck alone: train it with new seeds before you believe it.",
            seed=experiment.plan.base.seed,
        )
    return _(
        "Rule: Welch's 95 % interval of the difference of two means, shared among all pairs; 3 seeds at least."
        " It is about these settings and {epochs} epochs of {data}, not about longer training or other data.",
        epochs=experiment.plan.base.epochs,
        data=workspace.DATASETS[experiment.plan.base.dataset],
    )
