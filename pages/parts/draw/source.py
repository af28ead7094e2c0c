"""What is to be read: a drawing or a picture, framed, with the reason to doubt it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.recognise import doubt
from core.sketch import drawing, image_file, record
from core.sketch.picture_ink import PictureInk


@dataclass(frozen=True)
class Source:
    """The framed image with all its steps, why it may not be one digit, and the picture it came from, if any."""

    sketch: record.Sketch
    doubt: str | None
    drawing: drawing.Drawing | None = None
    picture: PictureInk | None = None

    @property
    def strokes(self) -> bool:
        """Whether it was drawn, not brought as a picture."""
        return self.picture is None

    @property
    def of_page(self) -> bool:
        """Whether it was found on a larger picture."""
        return self.picture is not None and not self.picture.of_mnist

    @property
    def empty(self) -> bool:
        """Whether nothing was drawn."""
        return self.doubt == doubt.EMPTY


def of_drawing(strokes: drawing.Drawing, centred: bool) -> Source:
    """Frame a drawing."""
    return Source(record.from_drawing(strokes, centred), doubt.of_drawing(strokes), strokes)


@st.cache_data(max_entries=32, show_spinner=False)
def of_file(content: bytes, centred: bool) -> Source:
    """Frame an uploaded picture."""
    picture = image_file.read(content)
    return Source(record.from_ink(picture.ink, centred), doubt.of_picture(picture), picture=picture)
