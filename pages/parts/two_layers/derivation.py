"""The derivation: each formula with its line of code, its shape, and autograd's verdict."""

from __future__ import annotations

import streamlit as st

from core.foundations.derivation import check
from core.foundations.two_layers import WaysSettings
from pages.parts.two_layers.programs import with_sizes
from pages.parts.two_layers.settings import LINES
from pages.shared import widgets
from pages.shared.language import _

checked = st.cache_data(max_entries=32, show_spinner=False)(check)


def show(settings: WaysSettings) -> None:
    """Show every step of the derivation under ``settings``, checked in the first iteration."""
    st.header(_("The derivation, line by line"), anchor=False)
    way = widgets.choose(LINES, _("Lines of the program"), {code: code for code in LINES.options})
    st.caption(
        _(
            "Forward, then the chain rule from the loss back to each weight. Every gradient is compared with"
            " autograd's."
        )
    )
    with st.spinner(_("Comparing each gradient with autograd's…")):
        entries = checked(settings, way)
    for entry in entries:
        formula, code = st.columns([1, 1], vertical_alignment="center")
        formula.latex(entry.step.formula)
        code.code("\n".join(entry.code), language="python")
        shape = f"`{entry.step.shapes}`  \n`{with_sizes(entry.step.shapes, settings)}`"
        verdict = ""
        if entry.difference is not None:
            verdict = " · " + _("largest difference from autograd: {value}", value=f"**{entry.difference:.1e}**")
        code.caption(f"{shape}{verdict}  \n{_(entry.step.why)}")
