"""Start here: a network reads what you draw; then the lessons in the order in which they teach."""

from __future__ import annotations

import itertools

import streamlit as st

from pages.parts.home import first, journeys
from pages.shared import frame, lessons
from pages.shared.expander import lazy_expander
from pages.shared.language import _, prose

FIRST_MINUTE = ("draw", "train", "lenet")

frame.opening("home")
first.show()
journeys.show()

st.markdown(prose("home", "promise"))

st.header(_("In the first minute"), anchor=False)
for column, file in zip(st.columns(3), FIRST_MINUTE, strict=True):
    with column.container(border=True, height="stretch", key=f"home_card_{file}"):
        lesson = lessons.by_name(file)
        lessons.link(file, f"**{_(lesson.title)}** →")
        st.markdown(prose("home", file))

st.header(_("In an hour, in this order"), anchor=False)
taught = [lesson for lesson in lessons.LESSONS if lesson.section]
with st.container(key="home_lessons", gap="xsmall"):
    for section, members in itertools.groupby(taught, key=lambda lesson: lesson.section):
        st.caption(_(section))
        for lesson in members:
            lessons.link(lesson.name, f"**{_(lesson.title)}** — {_(lesson.promise)}")

lessons.link("tutorials", _("Which tutorials? The five that Stepwise brings to life, step by step") + " →")
lazy_expander(_("How to use this app"), "home_reading", lambda: st.markdown(prose("home", "reading")))
