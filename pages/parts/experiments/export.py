"""What is kept of an experiment outside: a report in one HTML file, the runs as CSV, one script for all of them."""

from __future__ import annotations

import streamlit as st

from core.experiments.group import Experiment
from core.experiments.results import bands, outcomes
from core.export.experiment_report import Report, page, runs_csv
from core.export.experiment_script import experiment_script
from core.figures import experiments as figures
from pages.parts.experiments import verdict, words
from pages.shared import workspace
from pages.shared.code_panel import show_the_code
from pages.shared.language import _, current


def show(experiment: Experiment) -> None:
    """Show the downloads and the script."""
    st.subheader(_("Report"), anchor=False)
    with st.container(horizontal=True, key="experiments_downloads"):
        st.download_button(
            _("Report as HTML"),
            lambda: page(report(experiment)).encode(),
            file_name=f"{experiment.id}.html",
            mime="text/html",
            key="experiments_html",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            _("Runs as CSV"),
            lambda: runs_csv(experiment),
            file_name=f"{experiment.id}.csv",
            mime="text/csv",
            key="experiments_csv",
            on_click="ignore",
            icon=":material/download:",
        )
    show_the_code(experiment_script(experiment.plan), "experiment.py", "experiments_code")


def report(experiment: Experiment) -> Report:
    """Return the report in the reader's language."""
    plan, found = experiment.plan, outcomes(experiment)
    labels = [words.label(plan, outcome.values) for outcome in found]
    lines, order = bands(experiment, "accuracy"), plan.combinations()
    names = [words.label(plan, band.values) for band in lines]
    colors = [order.index(band.values) for band in lines]
    drawn = [
        (_("test accuracy"), figures.lines(lines, names, colors, _("examples seen"), _("test accuracy"))),
        (_("final test accuracy"), figures.final(found, labels, _("final test accuracy"), _("seed"))),
    ]
    if len(plan.axes) > 1:
        texts = [words.values(plan, outcome.values) for outcome in found]
        heat = figures.heat_map(found, texts, words.settings(plan))
        drawn.append((_("Mean accuracy over two settings"), heat))
    rows = [[*words.settings(plan), _("seed"), _("State"), _("final test accuracy")]]
    for outcome in found:
        for run in outcome.results:
            accuracy = "–" if run.accuracy is None else f"{run.accuracy:.2%}"
            rows.append(
                [*words.values(plan, outcome.values), str(run.seed), workspace.state_word(run.state), accuracy]
            )
    settings = {word: workspace.setting_value(name, plan.base) for name, word in workspace.setting_words().items()}
    return Report(
        current(),
        _("Experiment: {settings}", settings=", ".join(words.settings(plan)) or _("one setting")),
        plan.hypothesis,
        list(settings.items()),
        verdict.said(experiment, found),
        verdict.rule(experiment),
        drawn,
        rows,
        _("The script that trains all runs again"),
        experiment_script(plan),
    )
