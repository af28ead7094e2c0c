"""Ways on for a network that was built: train it, step through it, keep it in a file, bring it back."""

from __future__ import annotations

import streamlit as st

from core import file_kind
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.networks import registry
from core.networks.stack import Stack, for_digits
from pages.shared import keys, lessons, markdown
from pages.shared.language import _, sentence


def show(stack: Stack) -> None:
    """Show the links to Train and to the steps, or why this network cannot go there, and the download."""
    st.header(_("Use this network"), anchor=False)
    try:
        for_digits(stack)
    except InvalidSetting as error:
        st.caption(_("It cannot be trained on digits yet: {why}.", why=markdown.plain(sentence(error))))
    else:
        name = registry.STACK + stack.text
        with st.container(horizontal=True):
            lessons.link("train", _("Train it"), {keys.RUN: keys.NEW, keys.TRAIN_NETWORK: name})
            lessons.link("lenet", _("Step through it"), {keys.LENET_NETWORK: name})
    st.download_button(
        _("Save as a file"),
        stack.text + "\n",
        "network.txt",
        "text/plain",
        key="convolution_keep",
        on_click="ignore",
    )


def from_file(key: str) -> None:
    """Let the user import a file; its text replaces the network under ``key``."""

    def bring() -> None:
        file = st.session_state.get("convolution_stack_file")
        if file is not None and _problem(file.name, file.getvalue()) is None:
            text = file.getvalue()[:1500].decode("utf-8-sig", "replace")
            st.session_state[key] = text.strip().splitlines()[0] if text.strip() else ""

    file = st.file_uploader(_("A network from a file"), ["txt"], key="convolution_stack_file", on_change=bring)
    problem = _problem(file.name, file.getvalue()) if file is not None else None
    if problem is not None:
        st.error(markdown.plain(sentence(problem)))


def _problem(name: str, content: bytes) -> InvalidSetting | None:
    """Return why a file cannot be a network's text, None when it may be."""
    return file_kind.problem(NamedFile(name, content), N_("a network as text"))
