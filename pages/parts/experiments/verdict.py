"""What the runs of an experiment show and what they do not, in the reader's language."""

from __future__ import annotations

from core.experiments.conclusions import conclusions
from core.experiments.group import Experiment
from core.experiments.plan import Plan
from core.experiments.results import Outcome, states
from core.experiments.search import Search
from core.experiments.search_conclusions import search_conclusions
from core.training.config import SettingValue
from pages.parts.experiments import display_names
from pages.shared import workspace
from pages.shared.language import _


def sentences(experiment: Experiment, outcomes: list[Outcome]) -> list[str]:
    """Return the conclusions as sentences in the reader's language."""
    plan = experiment.plan

    def label(values: tuple[SettingValue, ...]) -> str:
        return display_names.label(plan, values)

    if isinstance(plan, Search):
        names = workspace.setting_words()
        run_states = states(experiment, outcomes)
        remarks = search_conclusions(plan, outcomes, run_states, label, names.__getitem__, experiment.wanted)
    else:
        images = min(workspace.IMAGES[str(each)][1] for each in _values_of(plan, "dataset"))
        remarks = conclusions(outcomes, label, images, experiment.wanted)
    return [_(each.message, **each.values) for each in remarks]


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
        "Rule: Welch's 95 % interval of the difference of two means, shared among all pairs; 3 seeds at least,"
        " whose accuracies are taken as normally distributed. It is about these settings, epochs ({epochs})"
        " and data ({data}), not about longer training or other data.",
        epochs=", ".join(map(str, _values_of(experiment.plan, "epochs"))),
        data=", ".join(workspace.DATASETS[str(each)] for each in _values_of(experiment.plan, "dataset")),
    )


def _values_of(plan: Plan, setting: str) -> tuple[SettingValue, ...]:
    """Return the values that a setting has in the runs of a plan."""
    values = {axis.setting: axis.values for axis in plan.axes}
    return values.get(setting, (getattr(plan.base, setting),))
