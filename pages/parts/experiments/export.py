"""What is kept of an experiment outside: a report in one HTML file, the runs as CSV, one script for all of them."""

from __future__ import annotations

import streamlit as st

from core.experiments import results
from core.experiments.group import Experiment
from core.experiments.plan import Plan
from core.experiments.results import Outcome
from core.experiments.search import Search
from core.export.experiment_report import Report, page, runs_csv
from core.export.experiment_script import experiment_script
from core.export.search_script import search_script
from core.figures.graph_objects import go
from pages.parts.experiments import display_names, figures, verdict
from pages.shared import workspace
from pages.shared.code_panel import show_the_code
from pages.shared.language import _, current, spoken


def show(experiment: Experiment) -> None:
    """Show the downloads and the script."""
    st.subheader(_("Report"), anchor=False)
    with st.container(horizontal=True, key="experiments_downloads"):
        st.download_button(
            _("Report as HTML"),
            spoken(lambda: page(report(experiment)).encode()),
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
    show_the_code(script(experiment), "experiment.py", "experiments_code")


def script(experiment: Experiment) -> str:
    """Return the script that trains the runs again; of a search, those that it has proposed so far."""
    if isinstance(experiment.plan, Search):
        return search_script(experiment.plan, [member for member, _run in experiment.runs()])
    return experiment_script(experiment.plan)


def report(experiment: Experiment) -> Report:
    """Return the report in the reader's language."""
    plan, outcomes = experiment.plan, results.outcomes(experiment)
    is_search = isinstance(plan, Search)  # whose runs are spoken of by their number
    rows = [[*([_("run")] if is_search else []), *display_names.settings(plan)]]
    rows[0] += [_("seed"), _("State"), _("final test accuracy")]
    for outcome in outcomes:
        for run in outcome.results:
            accuracy = "–" if run.accuracy is None else f"{run.accuracy:.2%}"
            number = [str(run.number)] if is_search else []
            state = workspace.state_word(run.state)
            rows.append([*number, *display_names.values(plan, outcome.values), str(run.seed), state, accuracy])
    varied = {*plan.settings, *({"seed"} if isinstance(plan, Plan) and plan.seeds > 1 else ())}
    common = [(name, word) for name, word in workspace.setting_words().items() if name not in varied]
    settings = [(word, workspace.setting_value(name, plan.base)) for name, word in common]
    return Report(
        current(),
        _("Experiment: {settings}", settings=", ".join(display_names.settings(plan)) or _("one setting")),
        display_names.hypothesis(plan),
        _("What all runs have in common"),
        settings,
        verdict.sentences(experiment, outcomes),
        verdict.rule(experiment),
        _figures(experiment, outcomes),
        rows,
        _("The script that trains all runs again"),
        script(experiment),
    )


def _figures(experiment: Experiment, outcomes: list[Outcome]) -> list[tuple[str, go.Figure]]:
    """Return the figures of the report with their titles."""
    if isinstance(experiment.plan, Search):
        return [(_("Test accuracy of each run"), figures.search(experiment.plan, outcomes))]
    titled_figures = [
        (_("test accuracy"), figures.lines(experiment, outcomes, "accuracy")),
        (_("final test accuracy"), figures.final(experiment, outcomes)),
    ]
    if len(experiment.plan.axes) > 1:
        titled_figures.append((_("Mean accuracy over two settings"), figures.heat_map(experiment, outcomes)))
    if len(experiment.plan.axes) > 2:
        parallel = figures.parallel(experiment, outcomes)
        titled_figures.append((_("Each combination as a line to its accuracy"), parallel))
    return titled_figures
