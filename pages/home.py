"""Start here: three things to do in the first minute, and the lessons in the order in which they teach."""

from __future__ import annotations

import itertools

import streamlit as st

from pages.shared import frame, lessons
from pages.shared.language import _, prose

FIRST_MINUTE = ("draw", "train", "lenet")

frame.heading("Stepwise", _("Watch a PyTorch network compute, learn and recognise, one operation at a time."))
st.markdown(prose("home", "promise"))

st.subheader(_("In the first minute"), anchor=False)
for column, file in zip(st.columns(3), FIRST_MINUTE, strict=True):
    with column.container(border=True, height="stretch"):
        lesson = lessons.by_file(file)
        lessons.link(file, f"**{_(lesson.title)}** →")
        st.markdown(prose("home", file))

st.subheader(_("In an hour, in this order"), anchor=False)
taught = [lesson for lesson in lessons.LESSONS if lesson.url_path]
for section, members in itertools.groupby(taught, key=lambda lesson: lesson.section):
    name, links = st.columns([1, 4])
    name.markdown(f"**{_(section)}**")
    with links:
        for lesson in members:
            title, promise = st.columns([1, 3], vertical_alignment="center")
            with title:
                lessons.link(lesson.file)
            promise.caption(_(lesson.promise))

with st.expander(_("How to read this place")):
    st.markdown(prose("home", "reading"))
