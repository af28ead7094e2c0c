"""The figures of an experiment with the reader's words: on the page while it runs, and in its report."""

from __future__ import annotations

from core.experiments.group import Experiment
from core.experiments.results import Outcome, bands
from core.experiments.search import Range, Search
from core.figures import experiments as figures
from core.figures.graph_objects import go
from core.figures.search import SearchWords, search_figure
from pages.parts.experiments import display_names
from pages.shared import workspace
from pages.shared.language import _


def quantities() -> dict[str, str]:
    """Return what can be drawn over the examples seen, and what it is called."""
    return {"accuracy": _("test accuracy"), "loss": _("test loss"), "training": _("training loss")}


def lines(experiment: Experiment, outcomes: list[Outcome], quantity: str) -> go.Figure:
    """Return a line with a band for each setting."""
    drawn_bands, order = bands(experiment.root, outcomes, quantity), [outcome.values for outcome in outcomes]
    labels = [display_names.label(experiment.plan, band.values) for band in drawn_bands]
    colors = [order.index(band.values) for band in drawn_bands]
    share = quantity == "accuracy"
    return figures.lines(drawn_bands, labels, colors, _("examples seen"), quantities()[quantity], share)


def final(experiment: Experiment, outcomes: list[Outcome]) -> go.Figure:
    """Return the final accuracy of each run over its setting."""
    names = display_names.settings(experiment.plan)
    labels = [", ".join(each) or _("all runs") for each in _texts(experiment, outcomes)]
    return figures.final(outcomes, labels, ", ".join(names), _("final test accuracy"), _("seed"))


def heat_map(experiment: Experiment, outcomes: list[Outcome]) -> go.Figure:
    """Return the mean accuracy over the first two settings."""
    return figures.heat_map(outcomes, _texts(experiment, outcomes), display_names.settings(experiment.plan))


def parallel(experiment: Experiment, outcomes: list[Outcome]) -> go.Figure:
    """Return each combination as a line through its values."""
    texts = _texts(experiment, outcomes)
    return figures.parallel(outcomes, texts, display_names.settings(experiment.plan), _("test accuracy"))


def _texts(experiment: Experiment, outcomes: list[Outcome]) -> list[list[str]]:
    return [display_names.values(experiment.plan, outcome.values) for outcome in outcomes]


def search(plan: Search, outcomes: list[Outcome]) -> go.Figure:
    """Return the best accuracy so far over the runs of a search, and each setting against the accuracy."""
    values = [_choice_words(plan, index) for index in range(len(plan.space))]
    names = display_names.settings(plan)
    texts = SearchWords(_("run"), _("test accuracy"), _("best so far"), _("diverged"), names, values)
    return search_figure(plan, outcomes, texts)


def _choice_words(plan: Search, index: int) -> list[str]:
    """Return what the values of a choice are called, [] for a range."""
    dimension, middle = plan.space[index], plan.middle().config
    if isinstance(dimension, Range):
        return []
    changed = [middle.with_(**{dimension.setting: value}) for value in dimension.values]
    return [workspace.setting_value(dimension.setting, config) for config in changed]
