"""What is kept of an experiment outside: a report in one HTML file, the runs as CSV, one script for all of them."""

from __future__ import annotations

import streamlit as st

from core.experiments.group import Experiment
from core.experiments.results import outcomes
from core.export.experiment_report import Report, page, runs_csv
from core.export.experiment_script import experiment_script
from pages.parts.experiments import pictures, verdict, words
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
    drawn = [
        (_("test accuracy"), pictures.lines(experiment, found, "accuracy")),
        (_("final test accuracy"), pictures.final(experiment, found)),
    ]
    if len(plan.axes) > 1:
        drawn.append((_("Mean accuracy over two settings"), pictures.heat_map(experiment, found)))
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
