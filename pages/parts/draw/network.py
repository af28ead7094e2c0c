"""Which network answers: the one that ships, or any checkpoint of any run; a second one beside it if wanted."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core import recognise
from core.errors import N_, Refusal
from core.recognise.readers import Reader
from pages.shared import address, workspace
from pages.shared.language import _

SHIPPED, NONE = "shipped", "none"
MOST_RUNS = 60  # the newest; a longer list is no list to choose from


def choose() -> list[tuple[str, Reader]]:
    """Show the choice and return (what it is called, network), one or two of them."""
    paths = _checkpoints()
    names = {SHIPPED: _("the built-in network"), **{code: title for code, (title, _path) in paths.items()}}
    with st.container(horizontal=True):
        first = address.choose(
            st.selectbox, _("Network"), list(names), "draw_net", format_func=lambda code: names[code]
        )
        second = address.choose(
            st.selectbox,
            _("Compare with"),
            [NONE, *names],
            "draw_other",
            format_func=lambda code: names.get(code, _("none")),
        )
    chosen = [first] + ([second] if second != NONE else [])
    return [(names[code], _reader(code, paths)) for code in chosen]


def _checkpoints() -> dict[str, tuple[str, Path]]:
    """Return the checkpoints of the newest runs: "<run>:<checkpoint>" -> (title, folder)."""
    found = {}
    for summary in workspace.summaries()[:MOST_RUNS]:
        run = workspace.find(summary.id)
        for checkpoint in reversed(run.checkpoints() if run else []):
            found[f"{summary.id}:{checkpoint.name}"] = (f"{summary.name} · {checkpoint.name}", checkpoint.path)
    return found


def _reader(code: str, paths: dict[str, tuple[str, Path]]) -> Reader:
    if code == SHIPPED:
        return recognise.shipped()
    path = paths[code][1]
    try:
        return _loaded(str(path), path.stat().st_mtime_ns)
    except OSError as error:
        raise Refusal(N_("the checkpoint {name} is gone"), name=code) from error


@st.cache_resource(max_entries=8, show_spinner=False)
def _loaded(path: str, changed: int) -> Reader:  # noqa: ARG001 (a cache key)
    return recognise.load(Path(path))
