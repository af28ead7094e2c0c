"""Start here: what one can do, in the order in which it teaches."""

from __future__ import annotations

import itertools

import streamlit as st

from pages.shared import frame, lessons
from pages.shared.language import _

frame.heading("Stepwise", _("Watch a PyTorch network compute, learn and recognise, one operation at a time."))

taught = [lesson for lesson in lessons.LESSONS if lesson.url_path]
for section, members in itertools.groupby(taught, key=lambda lesson: lesson.section):
    st.subheader(_(section), anchor=False)
    for lesson in members:
        with st.container(border=True):
            lessons.link(lesson.file)
            st.caption(_(lesson.promise))
