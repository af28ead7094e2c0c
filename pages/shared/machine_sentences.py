"""Where a run trained, in words: on which machines of a cluster, with which torch, from which batch on."""

from __future__ import annotations

import streamlit as st

from core.training.events import Started
from core.training.run_folder import RunFolder
from core.training.run_machines import machines
from pages.shared import markdown
from pages.shared.language import _


def show(run: RunFolder) -> None:
    """Show a line for each machine; nothing for a run that never left this server."""
    for line in lines(run):
        st.caption(markdown.plain(line))


def lines(run: RunFolder) -> list[str]:
    """Return a sentence for each machine that had the run."""
    had = machines(run.life())
    return [_sentence(before, now) for before, now in zip([None, *had], had, strict=False)]


def _sentence(before: Started | None, now: Started) -> str:
    node = _("node {node}, torch {torch}", node=now.node, torch=now.torch) if now.node else _("this server")
    if before is None:
        return _("It began on {node}.", node=node)
    words = _("From batch {step} on it trained on {node}.", step=now.step + 1, node=node)
    if (before.torch, before.processor) != (now.torch, now.processor):
        words += " " + _("Another torch or processor: from there the last bits may differ.")
    return words
