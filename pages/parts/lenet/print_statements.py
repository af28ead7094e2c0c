"""The network and the step as ``print`` shows them."""

from __future__ import annotations

import streamlit as st

from core.walk import print_statements
from core.walk.walk import Walk
from pages.shared.language import _


def show(walk: Walk) -> None:
    """Show each statement that the tutorials print, with what it prints for this walk."""
    st.markdown(_("What PyTorch tutorials print, here for the network and the step above."))
    for statement, text in print_statements.statements(walk):
        st.code("\n".join([_as_prompt(statement), text]), language="python")


def _as_prompt(statement: str) -> str:
    return "\n".join(f">>> {line}" for line in statement.splitlines())
