"""The examination of a run: what each layer does while it trains, and in words what stands in the way."""

from __future__ import annotations

import streamlit as st

from core.examination import Examination, diagnose
from core.examination.watch import FEW
from core.figures import examination as figures
from core.training import examination as runs
from core.training.run_folder import RunFolder
from pages.parts.train import news, proof_link
from pages.shared import markdown
from pages.shared.language import _
from pages.shared.live_chart import redrawn_figure


def show(run: RunFolder) -> None:
    """Show findings and figure; again when more was examined."""
    news.follow(_examination, run, "examined")


def _examination(run: RunFolder) -> None:
    record = runs.examination(run)
    if record is None or not record.readings:
        st.caption(
            _(
                "Nothing was examined yet. While a run trains on the CPU, its first {few} batches and every"
                " {every}th are looked at; runs of an older version and imported ones have none.",
                few=FEW,
                every=runs.EVERY,
            )
        )
        return
    _findings(record, run)
    weights = [each.name for each in record.readings[0].weights]
    activations = figures.activations(record)
    left, right = st.columns(2)
    with left:
        weight = st.selectbox(_("Values of the parameter"), weights, key="train_examined_weight")
    with right:
        activation = st.selectbox(_("Values after"), activations, key="train_examined_activation")
    words = figures.Words(
        _("norm of the gradient"),
        _("update / weight"),
        _("dead or saturated"),
        _("step"),
    )
    figure = figures.examination(record, words, weight or weights[0], activation or "")
    redrawn_figure(figure, key="train_examination", alt=_("Gradients, updates, activations and values over time"))
    st.caption(
        _(
            "A healthy update is some thousandth of its weight. A unit is dead when it is 0 for every example of"
            " the batch; a value is saturated where the slope of sigmoid or tanh is under a tenth of its steepest."
        )
    )


def _findings(record: Examination, run: RunFolder) -> None:
    findings = diagnose(record)
    if not findings:
        st.success(
            _("Nothing stands out: {count} {count:batch was|batches were} examined.", count=len(record.readings))
        )
    for finding in findings:
        st.warning(markdown.plain(_(finding.message, **finding.values)))
        proof_link.show(finding.key, run.config)
