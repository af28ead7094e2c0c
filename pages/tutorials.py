"""The tutorials: which five Stepwise brings to life, what each teaches, and a screen for every step of each."""

from __future__ import annotations

import streamlit as st

from core.live.settings import Choice
from pages.parts.tutorials.foundations import FIT, FOUR_WAYS
from pages.parts.tutorials.lenet import FIVE, THREE
from pages.parts.tutorials.mnist import MNIST
from pages.shared import frame, lessons, widgets
from pages.shared.language import _

TUTORIALS = {"five": FIVE, "mnist": MNIST, "three": THREE, "fit": FIT, "four_ways": FOUR_WAYS}
TAB = Choice("tutorials_tab", tuple(TUTORIALS))

frame.opening("tutorials")
tabs = widgets.tabs(TAB, {code: _(tutorial.title) for code, tutorial in TUTORIALS.items()})
for code, tab in tabs.items():
    if tab.open:
        with tab, st.container(key="tutorials_steps", gap="xsmall"):
            tutorial = TUTORIALS[code]
            frame.part(_(tutorial.title))
            st.markdown(_(tutorial.teaches))
            for number, step in enumerate(tutorial.steps, 1):
                label = f"{number}. {_(step.says)} — **{_(lessons.by_name(step.lesson).title)}**"
                lessons.link(step.lesson, label, step.query)
