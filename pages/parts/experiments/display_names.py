"""What experiments, their settings and their values are called."""

from __future__ import annotations

from core.experiments.group import Experiment
from core.experiments.plan import Plan
from core.experiments.search import Search
from core.training.config import SettingValue
from pages.parts.experiments import hypothesis_field
from pages.shared import workspace
from pages.shared.language import _


def title(experiment: Experiment) -> str:
    """Return what an experiment is called in a list: its name, and when it began."""
    return f"{name(experiment)[:80]} · {workspace.when(experiment.created)}"


def name(experiment: Experiment) -> str:
    """Return the name of an experiment: the reader's, else its hypothesis, else its settings."""
    plan = experiment.plan
    return experiment.name or hypothesis(plan) or ", ".join(settings(plan)) or _("one setting")


def hypothesis(plan: Plan | Search) -> str:
    """Return what the reader of a plan expected; that of a question in the reader's language."""
    return hypothesis_field.translated(plan.hypothesis)


def settings(plan: Plan | Search) -> list[str]:
    """Return the names of the settings that are varied."""
    names = workspace.setting_words()
    return [names[setting] for setting in plan.settings]


def values(plan: Plan | Search, combination: tuple[SettingValue, ...]) -> list[str]:
    """Return the values of a combination as the reader knows them."""
    changed = plan.base.with_(**dict(zip(plan.settings, combination, strict=True)))
    return [workspace.setting_value(setting, changed) for setting in plan.settings]


def label(plan: Plan | Search, combination: tuple[SettingValue, ...]) -> str:
    """Return the name of a combination in figures and sentences: "Learning rate 0.1"."""
    pairs = zip(settings(plan), values(plan, combination), strict=True)
    return ", ".join(f"{name} {value}" for name, value in pairs) or _("all runs")
