"""What is to be read: a drawing or a picture, framed, with the reason to doubt it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.recognise import doubt
from core.sketch import drawing, pictures, record


@dataclass(frozen=True)
class Source:
    """The framed image with all its steps, whether it came as strokes, and why it may not be one digit."""

    sketch: record.Sketch
    strokes: bool
    doubt: str | None

    @property
    def empty(self) -> bool:
        """Whether nothing was drawn."""
        return self.doubt == doubt.EMPTY


def of_drawing(drawn: drawing.Drawing, centred: bool) -> Source:
    """Frame a drawing."""
    return Source(record.from_drawing(drawn, centred), True, doubt.of_drawing(drawn))


@st.cache_data(max_entries=32, show_spinner=False)
def of_file(content: bytes, centred: bool) -> Source:
    """Frame an uploaded picture."""
    ink = pictures.ink_of_file(content)
    return Source(record.from_ink(ink, centred), False, doubt.of_ink(ink))
