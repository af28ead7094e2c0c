"""Where one draws: canvas, pen, examples, or a picture from a file. What was drawn survives a change of page."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.sketch import drawing, examples
from pages.parts.draw.source import Source, of_drawing, of_file
from pages.shared import address, redraw
from pages.shared.language import _

SIDE = 280  # pixels: fits beside the margins of a phone 390 pixels wide
SAVED, FIRST, VERSION = "draw_saved", "draw_first", "draw_version"
START, PEN = "three", 18  # what is on the pad at first, and the pen's width in pixels
# The parts of the page that run by themselves: a stroke draws the answer and what comes of it anew, nothing else.
CANVAS, ANSWER, SEEN = "draw_canvas", "draw_answer", "draw_seen"
_read_again = redraw.only(ANSWER, SEEN)
_all_again = redraw.only(CANVAS, ANSWER, SEEN)


def show() -> None:
    """Show the pad."""
    words = {"draw": _("Draw"), "file": _("Picture from a file")}
    way = address.choose(
        st.segmented_control,
        _("Where the digit comes from"),
        list(words),
        "draw_way",
        format_func=words.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    if way == "file":
        _file()
    else:
        _canvas()
        _tools()
    st.toggle(
        _("Crop and centre as MNIST does"),
        value=True,
        key="draw_centred",
        bind="query-params",
        persist_state="session",
        on_change=_read_again,
        help=_(
            "The network has only ever seen digits that fill a box of 20×20 in the middle. Switch this off,"
            " draw a small digit in a corner, and see what becomes of the answer."
        ),
    )


def source() -> Source:
    """Return what is on the pad; raises ``Refusal`` for a picture that cannot be read."""
    centred = bool(st.session_state.get("draw_centred", True))
    if st.session_state.get("draw_way") != "file":
        pen = int(st.session_state.get("draw_pen", PEN))
        return of_drawing(drawing.from_canvas(st.session_state[SAVED], SIDE, SIDE, pen), centred)
    uploaded = st.session_state.get("draw_file")
    if uploaded is None:
        return of_drawing(drawing.Drawing(()), centred)
    return of_file(uploaded.getvalue(), centred)


@st.fragment(key=CANVAS)
def _canvas() -> None:
    """Show the canvas; what is on it is kept in the session."""
    from streamlit_drawable_canvas import st_canvas  # importing it outside a running server raises

    pen = st.session_state.setdefault("draw_pen", PEN)
    key = f"draw_canvas_{st.session_state.setdefault(VERSION, 0)}"
    if key not in st.session_state:  # a fresh canvas: a new page, an example, or cleared
        st.session_state[FIRST] = st.session_state.get(SAVED) or examples.to_canvas(examples.example(START))
    result = st_canvas(
        stroke_width=pen,
        stroke_color="#000000",
        background_color="#ffffff",
        width=SIDE,
        height=SIDE,
        initial_drawing=st.session_state[FIRST],
        key=key,
        on_change=partial(_drawn, key),
    )
    st.session_state[SAVED] = result.json_data or st.session_state.get(SAVED) or st.session_state[FIRST]


def _drawn(key: str) -> None:
    """Keep what the canvas reports, and read it."""
    reported = st.session_state[key].get("drawing") or {}
    st.session_state[SAVED] = reported.get("raw") or st.session_state[SAVED]
    _read_again()


def _tools() -> None:
    """Show undo, clear, the pen and the examples."""
    with st.container(horizontal=True):
        st.button(_("Undo"), icon=":material/undo:", key="draw_undo", on_click=_undo)
        st.button(
            _("Clear"), icon=":material/delete:", key="draw_clear", on_click=_replace, args=({"objects": []},)
        )
    st.slider(_("Pen width"), 2, 40, key="draw_pen", persist_state="session", on_change=_all_again)
    titles = {
        "three": "3",
        "seven": _("7 with a bar"),
        "one": _("1 with a flag"),
        "four": _("open 4"),
        "corner": _("small, in a corner"),
        "two_digits": _("two digits"),
        "scribble": _("scribble"),
    }
    st.caption(_("Or begin with one of these:"))
    with st.container(horizontal=True, gap="small"):
        for name, title in titles.items():
            first = examples.to_canvas(examples.example(name))
            st.button(title, key=f"draw_example_{name}", on_click=_replace, args=(first,))


def _replace(content: dict[str, Any]) -> None:
    """Put another drawing on a fresh canvas."""
    st.session_state[SAVED] = content
    st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1
    _all_again()


def _undo() -> None:
    """Take the last stroke away."""
    now = st.session_state.get(SAVED) or st.session_state.get(FIRST) or {"objects": []}
    _replace({**now, "objects": now.get("objects", [])[:-1]})


def _file() -> None:
    """Let a person choose a picture."""
    st.file_uploader(
        _("A picture of one digit: a photograph or a drawing, dark on light or light on dark"),
        type=["png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff"],
        key="draw_file",
        on_change=_read_again,
    )
