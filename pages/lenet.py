"""LeNet, step by step: forward, loss, backward and update, one operation at a time, any number opened."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from core.live.lenet.source import Source, offer
from core.walk import scene, walk
from core.walk.setup import Choice
from core.walk.walk import Walk
from pages.parts.lenet import choices, graph, hand, printed, stage
from pages.shared import address, claims, component, frame, instruments
from pages.shared.language import _, current

KEPT = "lenet_walk"


@dataclass(frozen=True)
class Shown:
    """A walk that was taken, and what the browser gets of it in one language: made once, whatever reruns."""

    key: str
    language: str
    walk: Walk
    packed: scene.Packed
    source: Source


def shown(choice: Choice) -> Shown:
    """Return the walk of ``choice``; the session keeps its last one, so that a rerun need not take it again."""
    drawing = choices.drawing()
    drawn = None if drawing is None else drawing.numpy().tobytes()
    key = hashlib.sha256(repr((choice, drawn)).encode()).hexdigest()[:12]
    kept: Shown | None = st.session_state.get(KEPT)
    if kept is None or (kept.key, kept.language) != (key, current()):
        with st.spinner(_("Taking the step …")):
            taken = kept.walk if kept and kept.key == key else walk.take(choices.prepare(choice))
            header, tensors = stage.described(taken, key)
            kept = Shown(key, current(), taken, scene.pack(header, tensors), offer(taken, tensors))
        st.session_state[KEPT] = kept
    return kept


frame.opening("lenet")
with frame.error_boundary():
    with st.container(key="lenet_first"):
        with st.container(key="lenet_choices"):  # on a phone they stand under the drawing
            now = shown(choices.show())
        at = hand.step(now.walk)
        visit, session = instruments.stamp(hand.PREFIX), instruments.session(hand.PREFIX)
        message = now.packed.message(at=at, visit=visit, session=session, source=now.source.name)
        component.component("lenet/walk")(data=message, key="lenet_stage")
    hand.show(now.source)
    tabs = address.tabs(
        {
            "graph": _("The autograd graph"),
            "printed": _("What print shows"),
            "experiments": _("Experiments"),
        },
        "lenet_tab",
    )
    opened = next(code for code, tab in tabs.items() if tab.open)
    with tabs[opened]:
        match opened:
            case "graph":
                graph.show(now.walk)
            case "printed":
                printed.show(now.walk)
            case _:
                claims.show("lenet", "lenet_exp")
