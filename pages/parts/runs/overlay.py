"""The curves of several runs over each other, and exactly which settings differ."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.errors import InvalidSetting
from core.figures import palette, run_curves
from core.figures.curves import Curve
from core.training.run_folder import RunFolder, RunSummary
from pages.parts.runs import settings
from pages.shared import offers, widgets, workspace
from pages.shared.language import _
from pages.shared.live_chart import live_chart

POINTS = 800  # of one curve among several
EVERY = 1.0  # seconds


def show(picked: list[RunSummary]) -> None:
    """Show the curves of ``picked`` and the differences of their settings."""
    if not picked:
        st.caption(_("Choose runs above to lay their curves over each other."))
        return
    quantity = _controls()
    moving = any(run.status.state in ("running", "waiting") for run in picked)
    st.fragment(_curves, run_every=EVERY if moving else None)(picked, quantity)
    differences(picked)


def _controls() -> str:
    words = {"test": _("test loss"), "train": _("training loss, smoothed"), "accuracy": _("test accuracy")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="runs_view"):
        quantity = widgets.choose(settings.QUANTITY, _("Curve"), words, label_visibility="collapsed")
        widgets.flag(settings.LOG, _("Logarithmic"))
    return quantity


def _curves(picked: list[RunSummary], quantity: str) -> None:
    curves: list[Curve] = []
    names = offers.short_names(picked)
    for run, color in zip(picked, palette.CURVES, strict=False):
        with suppress(InvalidSetting):  # deleted meanwhile
            of_run = _of(RunFolder(workspace.root(), run.id), quantity)
            curves += run_curves.coloured(of_run, names[run.id], color)
    live_chart(
        curves,
        key="runs_chart",
        x_title=_("examples seen"),
        y_title=_("test accuracy") if quantity == "accuracy" else _("loss"),
        revision=f"{quantity} {' '.join(run.id for run in picked)}",
        log=widgets.value(settings.LOG) and quantity != "accuracy",
        percent=quantity == "accuracy",
    )


def _of(run: RunFolder, quantity: str) -> list[Curve]:
    shift = float(run.config.parent.seen) if run.config.parent else 0.0
    if quantity == "accuracy":
        return run_curves.accuracy_curves(run.tests(), workspace.curve_words(), shift)
    words, smoothing = workspace.curve_words(), run_curves.SMOOTHING
    curves = run_curves.loss_curves(run.curve(POINTS), run.tests(), words, smoothing, shift)
    return curves[-1:] if quantity == "test" else curves[1:2]


def differences(picked: list[RunSummary]) -> None:
    """Show the settings in which the runs differ, and only those."""
    st.header(_("What differs"), anchor=False)
    configs = {run.id: run.config for run in picked if run.config is not None}
    if len(configs) < 2:
        st.caption(_("Choose at least two runs to see in which settings they differ."))
        return
    rows = []
    for name, word in workspace.setting_words().items():
        if len({repr(getattr(config, name)) for config in configs.values()}) > 1:
            values = {run: workspace.setting_value(name, config) for run, config in configs.items()}
            rows.append({"setting": word, **values})
    rates = {run: _changes(run) for run in configs}
    if len(set(rates.values())) > 1:
        rows.append({"setting": _("Learning rate changed"), **rates})
    if not rows:
        st.markdown(_("Nothing: these runs have the same settings, so they also have the same history."))
        return
    columns = {"setting": _("Setting"), **offers.short_names([run for run in picked if run.id in configs])}
    st.dataframe(rows, hide_index=True, key="runs_differences", column_config=columns, alt=_("What differs"))


def _changes(run_id: str) -> str:
    run = workspace.find(run_id)
    return (workspace.rate_changes(run) if run else "") or "–"
