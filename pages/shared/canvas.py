"""A canvas to draw on: it fits any width, has a name, takes a pen moved by keys, and its drawing survives a reload.

``streamlit-drawable-canvas`` takes the strokes; what it lacks is added by ``static/js/draw/pen.js``. The drawing of
canvas ``name`` is in the session under ``<name>_saved``, and in the browser's storage of the tab, so that it comes
back after a reload or a restart of the server.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypedDict

import streamlit as st

from pages.shared.component import component
from pages.shared.language import _

Content = dict[str, Any]  # what the canvas reports: {"objects": [path, ...]}
BLANK: Content = {"objects": []}


class PenWords(TypedDict):
    """What the canvas is called, and how it is used by keys."""

    name: str
    keys: str
    down: str
    up: str


class PenData(TypedDict):
    """What ``static/js/draw/pen.js`` is given; ``frame`` is the key of the container with the canvas."""

    frame: str
    words: PenWords


class StoreData(TypedDict):
    """What ``static/js/draw/store.js`` is given: the drawing of this session, None where it has none.

    ``stamp`` is that of the canvas on which a hand has drawn it.
    """

    name: str
    drawing: dict[str, object] | None
    stamp: str


def show(name: str, side: int, pen: int, start: Content, on_change: Callable[[], None] | None = None) -> None:
    """Show the canvas of ``side`` by ``side`` pixels, shown smaller where there is less room.

    ``start`` is on it at first. ``on_change`` is called after each stroke.
    """
    from streamlit_drawable_canvas import st_canvas  # importing it outside a running server raises

    key = f"{name}_canvas_{st.session_state.setdefault(f'{name}_version', 0)}"
    if key not in st.session_state:  # a fresh canvas: a new page, an example, or cleared
        st.session_state[f"{name}_first"] = content(name) or start
    with st.container(key=frame(name)):
        result = st_canvas(
            stroke_width=pen,
            stroke_color="#000000",
            background_color="#ffffff",
            width=side,
            height=side,
            initial_drawing=st.session_state[f"{name}_first"],
            key=key,
            on_change=partial(_take_drawing, name, key, on_change),
        )
        data: PenData = {"frame": frame(name), "words": _words()}
        component("draw/pen")(data=data, key=f"{name}_canvas_keys")
    if content(name) is None:
        st.session_state[f"{name}_saved"] = result.json_data or start


def _words() -> PenWords:
    """Return what the canvas is called, and how it is used by keys."""
    return {
        "name": _("Canvas: draw here"),
        "keys": _("Arrow keys move the pen, with Shift in small steps. Space puts it down and lifts it again."),
        "down": _("pen down"),
        "up": _("pen up"),
    }


def frame(name: str) -> str:
    """Return the key of the container in which the canvas stands."""
    return f"{name}_canvas_frame"


def stamp(name: str) -> str:
    """Return a text that is another after each ``replace``, and stays while a hand draws."""
    return str(st.session_state.get(f"{name}_version", 0))


def content(name: str) -> Content | None:
    """Return what is on the canvas; None before it was shown, or brought back, in this session."""
    saved = st.session_state.get(f"{name}_saved")
    return saved if isinstance(saved, dict) else None


def replace(name: str, new: Content) -> None:
    """Put another drawing on a fresh canvas. For callbacks."""
    st.session_state[f"{name}_saved"] = new
    st.session_state[f"{name}_mine"] = True
    st.session_state[f"{name}_version"] = st.session_state.get(f"{name}_version", 0) + 1


def undo(name: str) -> None:
    """Take the last stroke away. For callbacks."""
    now = content(name) or BLANK
    replace(name, {**now, "objects": now.get("objects", [])[:-1]})


def keep(name: str, then: Callable[[], None] | None = None) -> None:
    """Keep the drawing in the browser, and bring back what it has kept from before; ``then`` follows that.

    It stands where it runs again after a stroke.
    """
    mine = content(name) if st.session_state.get(f"{name}_mine") else None
    data: StoreData = {"name": name, "drawing": mine, "stamp": stamp(name)}
    component("draw/store")(
        data=data,
        key=f"{name}_store",
        on_kept_change=partial(_brought_back, name, then),
    )


def _brought_back(name: str, then: Callable[[], None] | None) -> None:
    """Take what the browser has kept, unless this session has a drawing already that is as new."""
    content = (st.session_state.get(f"{name}_store") or {}).get("kept")
    if not (isinstance(content, dict) and isinstance(content.get("objects"), list)):
        return
    if st.session_state.get(f"{name}_mine") and not _is_ahead(name, content):
        return
    replace(name, {part: value for part, value in content.items() if part != "stamp"})
    if then:
        then()


def _is_ahead(name: str, stored: Content) -> bool:
    """Return whether a hand drew on, on this very canvas, and left the page before the canvas reported it."""
    now = (content(name) or BLANK).get("objects", [])
    return stored.get("stamp") == stamp(name) and len(stored["objects"]) > len(now)


def _take_drawing(name: str, key: str, on_change: Callable[[], None] | None) -> None:
    """Keep what the canvas reports."""
    reported = (st.session_state[key].get("drawing") or {}).get("raw")
    if isinstance(reported, dict):
        st.session_state[f"{name}_saved"] = reported
        st.session_state[f"{name}_mine"] = True
    if on_change:
        on_change()
