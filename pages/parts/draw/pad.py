"""Where one draws: canvas, pen, examples, or a picture from a file. What was drawn survives a change of page."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.sketch import drawing, examples
from pages.parts.draw import settings
from pages.parts.draw.source import Source, of_drawing, of_file
from pages.shared import canvas, redraw, widgets
from pages.shared.canvas import Content
from pages.shared.language import _

NAME, SIDE = "draw", 280  # of the canvas; its side in pixels
START, FILE = "three", "draw_file"  # what is on the pad at first; the picture that is read in its place
# The parts of the page that run by themselves: a stroke redraws the answer and what follows from it.
CANVAS, ANSWER, SEEN = "draw_canvas", "draw_answer", "draw_seen"
_read_again = redraw.only(ANSWER, SEEN)
all_again = redraw.only(CANVAS, ANSWER, SEEN)


def show() -> None:
    """Show where the digit comes from, and the canvas or the choice of a file."""
    words = {"draw": _("Draw"), "file": _("Picture from a file")}
    way = widgets.choose(settings.WAY, _("Where the digit comes from"), words, label_visibility="collapsed")
    if way == "file":
        _file()
        return
    with st.container(horizontal=True, key="draw_pad"):
        _canvas()
        with st.container(horizontal=True):
            st.button(_("Undo"), icon=":material/undo:", key="draw_undo", on_click=_undo)
            clear = partial(_replace, canvas.BLANK)
            st.button(_("Clear"), icon=":material/delete:", key="draw_clear", on_click=clear)


def tools() -> None:
    """Show the pen, the examples, and whether the digit is centred: what one may leave as it is."""
    if widgets.value(settings.WAY) != "file":
        widgets.number(settings.PEN, _("Pen width"), widget=st.slider, on_change=all_again)
        _examples()
    widgets.flag(
        settings.CENTRED,
        _("Crop and centre as MNIST does"),
        on_change=_read_again,
        help=_(
            "The network has only ever seen digits that fill a box of 20×20 in the middle. Switch this off,"
            " draw a small digit in a corner, and see what becomes of the answer."
        ),
    )


def _examples() -> None:
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


def source() -> Source:
    """Return what is on the pad; raises ``InvalidSetting`` for a picture that cannot be read."""
    centred = widgets.value(settings.CENTRED)
    if widgets.value(settings.WAY) != "file":
        pen = widgets.value(settings.PEN)
        return of_drawing(drawing.from_canvas(canvas.content(NAME), SIDE, SIDE, pen), centred)
    uploaded = st.session_state.get(FILE)
    if uploaded is None:
        return of_drawing(drawing.Drawing(()), centred)
    return of_file(uploaded.getvalue(), centred)


@st.fragment(key=CANVAS)
def _canvas() -> None:
    """Show the canvas; what is on it is kept in the session."""
    canvas.show(NAME, SIDE, widgets.value(settings.PEN), examples.to_canvas(examples.example(START)), _read_again)


def _replace(content: Content) -> None:
    """Put another drawing on a fresh canvas."""
    canvas.replace(NAME, content)
    all_again()


def _undo() -> None:
    canvas.undo(NAME)
    all_again()


def _file() -> None:
    """Let the user choose a picture."""
    st.file_uploader(
        _("A picture of one digit: a photograph or a drawing, dark on light or light on dark"),
        type=["png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff"],
        key=FILE,
        on_change=_read_again,
    )
