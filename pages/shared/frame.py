"""What every page has around its lesson: style, title, and a place where errors become sentences."""

from __future__ import annotations

import html
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

import streamlit as st

from core.errors import InvalidSetting
from pages.shared import journey, keys, language, lesson_texts, lessons, markdown, streamlit_words
from pages.shared.component import component
from pages.shared.language import _, sentence

STAMP = "frame_stamp"  # another in each session, and after each run that the browser asked for
STYLE = Path(__file__).parents[2] / "static" / "css" / "frame.css"
PRINT_STYLE = STYLE.with_name("print.css")


class FrameData(TypedDict):
    """What ``static/js/frame/frame.js`` is given.

    ``picked``: the reader chose the language, which the ``cookie`` keeps; ``paths`` are those of the lessons, in
    order; ``stamp`` is another after each run that the browser asked for; ``leave`` ends projector mode;
    ``journey`` is the one under way, as ``journey.under_way`` names it; ``words`` are the reader's for Streamlit's.
    """

    language: str
    picked: bool
    cookie: str
    paths: list[str]
    stamp: str
    projector: bool
    leave: str
    journey: str
    words: dict[str, str]


def around() -> None:
    """Add the style sheets, the switch of projector mode and ``static/js/frame/frame.js``, before each lesson."""
    st.html(STYLE)
    st.html(PRINT_STYLE)
    projects = st.sidebar.toggle(
        _("Projector mode"),
        key=keys.PROJECTOR,
        help=_("Large type and no menu. Page Down and Page Up, as on a clicker, go through the lessons."),
        persist_state="session",
    )
    data: FrameData = {
        "language": language.current(),
        "picked": st.session_state.get(keys.PICKED, False),
        "cookie": language.COOKIE,
        "paths": [lesson.url_path for lesson in lessons.LESSONS],
        "stamp": st.session_state.setdefault(STAMP, secrets.token_hex(8)),
        "projector": projects,
        "leave": _("End projector mode"),
        "journey": journey.under_way(),
        "words": streamlit_words.translations(),
    }
    component("frame/frame")(
        data=data,
        key="frame",
        on_back_change=_back,
        on_leave_change=_end_projector,
        on_resume_change=_resume,
    )


def _end_projector() -> None:
    st.session_state[keys.PROJECTOR] = False


def _resume() -> None:
    """Go on with the journey that was under way in this tab before it was loaded again."""
    journey.resume(str((st.session_state.get("frame") or {}).get("resume", "")))


def _back() -> None:
    """Change the stamp: a browser that connected again and asked for a run of the page sees that there was one."""
    st.session_state[STAMP] = secrets.token_hex(8)


def opening(name: str, part: str = "") -> None:
    """Show the title of lesson ``name`` and, beside it, its question and what to try first in this part of it."""
    with st.container(key="head", horizontal=True, vertical_alignment="center"):
        st.title("Stepwise" if name == "home" else _(lessons.by_name(name).title), anchor=False)
        st.markdown(lesson_texts.opening(name, part))


def part(name: str) -> None:
    """Begin a part of the page for those who hear it: a heading to jump to, where the eye needs none."""
    with st.container(key=f"heard_{name}"):  # hidden from its first frame; Streamlit's HTML comes some frames later
        st.html(f"<h2>{html.escape(name)}</h2>")


@contextmanager
def error_boundary() -> Iterator[None]:
    """Show an ``InvalidSetting`` that is raised inside as a sentence, in place of a traceback."""
    try:
        yield
    except InvalidSetting as error:
        st.error(markdown.plain(sentence(error)))
