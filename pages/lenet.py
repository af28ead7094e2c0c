"""LeNet, step by step: forward, loss, backward and update, one operation at a time, any number opened."""

from __future__ import annotations

import hashlib

import streamlit as st

from core.export import steps_script
from core.steps import walk
from core.steps.setup import Choice
from core.steps.walk import Walk
from pages.parts.lenet import answers, choices, experiments, graph, stage
from pages.shared import code_panel, component, frame
from pages.shared.language import _, current

KEPT = "steps_walk"


def taken(choice: Choice) -> Walk:
    """Return the walk of ``choice``; the session keeps its last one, so that a rerun need not take it again."""
    drawing = choices.drawing()
    key = (choice, None if drawing is None else hashlib.sha256(drawing.numpy().tobytes()).hexdigest())
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != key:
        kept = (key, walk.take(choices.prepare(choice)))
        st.session_state[KEPT] = kept
    return kept[1]


def key_of(choice: Choice) -> str:
    """Return what names this walk in the browser, so that an old click is not answered for a new walk."""
    return hashlib.sha256(repr((choice, current())).encode()).hexdigest()[:12]


frame.heading(
    _("LeNet, step by step"),
    _(
        "One training step of a real network, slowed down: forward, loss, backward, update. "
        "Walk with the arrow keys, and click any number to see what made it."
    ),
)
with frame.refusals():
    choice = choices.show()
    walked = taken(choice)
    message, tensors = stage.message(walked, answers.first_step(), key_of(choice))
    component.component("steps")(data=message, key="steps_stage")
    answers.show(walked, tensors, key_of(choice))
    looked, tried = st.tabs([_("The autograd graph"), _("Experiments")])
    with looked:
        graph.show(walked)
    with tried:
        experiments.show()
    own = choices.own()
    program = steps_script.script(walked.setup, str(own.file) if own else "")
    code_panel.show_the_code(program, "one_step.py", key="steps_code")
