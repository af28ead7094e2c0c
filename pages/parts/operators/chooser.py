"""Which operator: found by name, chosen from the list, introduced with its signature and PyTorch's own page."""

from __future__ import annotations

import streamlit as st

from core.ops.operator import Operator
from core.ops.registry import OPERATORS, search
from pages.shared import address
from pages.shared.language import _

DOCS = "https://docs.pytorch.org/docs/stable/generated/{name}.html"


def choose() -> str:
    """Show the search and the list; return the chosen name."""
    words = st.text_input(
        _("Search by name"), key="operators_search", placeholder="softmax, conv, loss, pool…", max_chars=40,
        bind="query-params",
    )  # fmt: skip
    found = search(words)
    if not found:
        st.caption(_("No operator here has that in its name. All of them:"))
    held = st.session_state.get("operators_name") or st.query_params.get("operators_name")
    options = [name for name in OPERATORS if not found or name in found or name == held]
    return address.choose(
        st.pills,
        _("Operator"),
        options,
        "operators_name",
        default=options[0],
        required=True,
        label_visibility="collapsed",
    )


def introduce(operator: Operator) -> None:
    """Show what the operator does, its signature, and the link to PyTorch's documentation."""
    st.header(operator.full_name, anchor=False)
    st.markdown(_(operator.says))
    st.code(operator.signature, language="python", wrap_lines=True)
    link = DOCS.format(name=operator.docs)
    st.markdown(_("[PyTorch documentation of {name}]({link})", name=operator.docs, link=link))
