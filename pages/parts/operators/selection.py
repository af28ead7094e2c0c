"""Which operator: found by name, chosen from the list, introduced with its signature and PyTorch's own page."""

from __future__ import annotations

import streamlit as st

from core.ops.operator import FAMILIES, Operator
from core.ops.registry import OPERATORS, search
from pages.parts.operators import settings
from pages.shared import address, markdown, widgets
from pages.shared.language import _

DOCS = "https://docs.pytorch.org/docs/stable/generated/{name}.html"


NAME, FAMILY, FIRST = settings.OPERATOR.name, "operators_family", settings.OPERATOR.default


def _families() -> dict[str, str]:
    return {
        "layers": _("Layers"),
        "activations": _("Activations"),
        "pooling": _("Pooling"),
        "regularisation": _("Normalisation and dropout"),
        "shapes": _("Shapes"),
        "indexing": _("Picking and joining"),
        "arithmetic": _("Arithmetic"),
        "losses": _("Losses"),
    }


def choose() -> str:
    """Show the search, the families, and the operators of one; return the chosen name."""
    left, right = st.container(key="operators_choice").columns(2)
    with left:
        words = widgets.text(settings.SEARCH, _("Search"), placeholder="softmax, conv, loss, average…")
    matches = search(words, _) if words.strip() else []
    name_in_address = address.stored_text(NAME, FIRST)
    current = name_in_address if name_in_address in OPERATORS else FIRST
    family = OPERATORS[current].family
    st.session_state[FAMILY] = family  # what it shows follows the operator
    right.selectbox(_("Kind"), list(FAMILIES), key=FAMILY, format_func=_families().__getitem__, on_change=_first)
    if words.strip() and not matches:
        st.caption(_("No operator here has that in its name or its description."))
    options = matches or [name for name, each in OPERATORS.items() if each.family == family]
    offered = options if current in options else [current, *options]
    names = {name: name for name in offered}
    return widgets.choose(settings.OPERATOR, _("Operator"), names, widget=st.pills, label_visibility="collapsed")


def _first() -> None:
    """Open the first operator of the family that was chosen; a search would hide it."""
    family = st.session_state[FAMILY]
    st.session_state[NAME] = next((name for name, each in OPERATORS.items() if each.family == family), FIRST)
    st.session_state[settings.SEARCH.name] = ""


def introduce(operator: Operator) -> None:
    """Show the operator's name and what it does."""
    with st.container(key="operators_says", gap=None):
        st.header(markdown.plain(operator.full_name), anchor=False)
        st.markdown(_(operator.description))


def document(operator: Operator) -> None:
    """Show the operator's signature, and the link to PyTorch's documentation."""
    st.code(operator.signature, language="python", wrap_lines=True)
    link = DOCS.format(name=operator.docs)
    st.markdown(_("[PyTorch documentation of {name}]({link})", name=markdown.plain(operator.docs), link=link))
