"""NumPy and torch function by function, both really evaluated."""

from __future__ import annotations

import streamlit as st

from core.foundations.numpy_and_torch import compare
from pages.parts.two_layers import settings
from pages.shared import widgets
from pages.shared.language import _

compared = st.cache_data(show_spinner=False)(compare)


def show() -> None:
    """Show every pair with its two results."""
    st.header(_("NumPy and torch, function by function"), anchor=False)
    st.code("a = [[1, -2, 3, 0.5], [-1, 4, 2, -3]]   b = a.T   a3 = arange(6).reshape(1, 2, 3)", language=None)
    only = widgets.flag(settings.ONLY_DIFFERENT, _("Only where they differ"))
    rows = [
        {
            "NumPy": entry.pair.numpy,
            "torch": entry.pair.torch,
            _("same?"): "=" if entry.equal else "≠",
            _("note"): _(entry.pair.note) if entry.pair.note else "",
            _("NumPy gives"): entry.numpy,
            _("torch gives"): entry.torch,
        }
        for entry in compared()
        if not (only and entry.equal)
    ]
    widths = {"NumPy": 215, "torch": 215, _("note"): 340}
    wide = {name: st.column_config.Column(width=width) for name, width in widths.items()}
    st.dataframe(
        rows, hide_index=True, key=f"two_layers_pairs_{only}", column_config=wide, alt=_("NumPy and torch")
    )
