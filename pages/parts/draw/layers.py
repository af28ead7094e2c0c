"""What each layer makes of the drawing: every channel of every layer, as it really went through."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from core.figures import digits
from core.recognise import Reader
from core.recognise.layers import Activation, activations
from pages.parts.draw.source import Source
from pages.shared.language import _


def show(source: Source, readers: list[tuple[str, Reader]]) -> None:
    """Show the layers of each network."""
    st.header(_("What each layer makes of it"), anchor=False)
    st.caption(
        _(
            "Each tile is one channel. Before a ReLU numbers may be negative (orange); after it only what is above"
            " zero is left (black is the layer's largest value). Press a layer to see it large."
        )
    )
    for name, reader in readers:
        if len(readers) > 1:
            st.text(name)
        st.html(STYLE + "".join(_layer(each) for each in _found(reader, source.sketch.image.tobytes())))


LARGE = 84  # pixels of a tile that is shown large
STYLE = """<style>
.sw-sheet { margin-bottom: 1rem; overflow-x: auto; border: 0; }
.sw-sheet summary { display: block; cursor: zoom-in; width: fit-content; max-width: 100%; padding: 0; }
.sw-sheet[open] summary { cursor: zoom-out; max-width: none; }
.sw-sheet[open] .sw-figure { max-width: none; text-align: start; }
.sw-sheet[open] .sw-figure img { width: var(--large) !important; max-width: none; }
.sw-sheet[open] .sw-figure figcaption { position: sticky; left: 0; width: fit-content; }
</style>"""


@lru_cache(maxsize=64)  # also for another setting of the page: nothing has changed then
def _found(reader: Reader, image: bytes) -> list[Activation]:
    return activations(reader, np.frombuffer(image, np.uint8).reshape(28, 28).copy())


def _layer(each: Activation) -> str:
    """Return one layer as a sheet of its channels, or as a strip of numbers; pressed, it is shown large."""
    values = each.values
    shape = "×".join(map(str, values.shape))
    words = f"{each.layer + ' · ' if each.layer else ''}{each.operation} · {shape}"
    extent = _("smallest {low}, largest {high}", low=f"{values.min():.2f}", high=f"{values.max():.2f}")
    maps = values[:, None, None] if values.ndim == 1 else values
    columns = min(32, len(maps))
    sheet = digits.montage(maps, columns, bool(values.min() < 0))
    width = f"{columns * (52 if len(maps) <= 16 else 26)}px"
    picture = digits.figure(sheet, width, f"{words} · {extent}")
    return f'<details class="sw-sheet" style="--large:{columns * LARGE}px"><summary>{picture}</summary></details>'
