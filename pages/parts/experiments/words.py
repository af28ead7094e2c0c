"""What experiments, their settings and their values are called."""

from __future__ import annotations

from typing import Any

from core.experiments.group import Experiment
from core.experiments.plan import Plan
from pages.shared import workspace
from pages.shared.language import _


def title(experiment: Experiment) -> str:
    """Return what an experiment is called in a list: its hypothesis or its settings, and when it began."""
    text = experiment.plan.hypothesis or ", ".join(settings(experiment.plan)) or _("one setting")
    return f"{text[:80]} · {workspace.when(experiment.created)}"


def settings(plan: Plan) -> list[str]:
    """Return the names of the settings that are varied."""
    names = workspace.setting_words()
    return [names[axis.setting] for axis in plan.axes]


def values(plan: Plan, combination: tuple[Any, ...]) -> list[str]:
    """Return the values of a combination as the reader knows them."""
    pairs = zip(plan.axes, combination, strict=True)
    changed = plan.base.with_(**{axis.setting: value for axis, value in pairs})
    return [workspace.setting_value(axis.setting, changed) for axis in plan.axes]


def label(plan: Plan, combination: tuple[Any, ...]) -> str:
    """Return the name of a combination in figures and sentences: "Learning rate 0.1"."""
    pairs = zip(settings(plan), values(plan, combination), strict=True)
    return ", ".join(f"{name} {value}" for name, value in pairs) or _("all runs")
