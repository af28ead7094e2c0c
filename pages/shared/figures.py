"""Pictures of digits, probabilities and pixels as HTML; ``static/css/frame.css`` styles the classes."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.figures import palette
from core.figures.digits import Map, Picture, uri


def ground_class(picture: Picture) -> str:
    """Return the class of an ``<img>``: signed colours have the ground of the theme under them."""
    return ' class="sw-signed"' if picture.ndim == 3 and picture.shape[2] == 4 else ""


def figure(picture: Picture, width: str, caption: str, text: str = "") -> str:
    """Return an image of sharp pixels with a caption; ``width`` is CSS, ``text`` its words."""
    words = html.escape(text or caption, quote=True)
    return (
        f'<figure class="sw-figure" style="width:{width}"><img{ground_class(picture)} src="{uri(picture)}" '
        f'alt="{words}" title="{words}" '
        f'style="width:100%"><figcaption>{html.escape(caption)}</figcaption></figure>'
    )


def row(parts: Sequence[str], tight: bool = False) -> str:
    """Return parts beside each other, wrapping where the page is narrow."""
    return f'<div class="sw-row{" tight" if tight else ""}">{"".join(parts)}</div>'


def gallery(images: NDArray[np.uint8], captions: Sequence[str], side: int = 84) -> str:
    """Return digits, uint8 (N, 28, 28), dark on light as on paper, each with its caption."""
    figures = [figure(255 - image, f"{side}px", caption) for image, caption in zip(images, captions, strict=True)]
    return row(figures, tight=True)


def number_grid(image: NDArray[np.uint8], texts: NDArray[np.str_], label: str) -> str:
    """Return a digit, uint8 (H, W), as a table: each cell as dark as its pixel, with its text in it."""
    lines = [
        "<tr>" + "".join(_cell(int(value), str(text)) for value, text in zip(values, words, strict=True)) + "</tr>"
        for values, words in zip(image, texts, strict=True)
    ]
    words = html.escape(label, quote=True)
    return f'<div class="sw-grid"><table aria-label="{words}">{"".join(lines)}</table></div>'


def texts(image: NDArray[np.uint8], values: Map | None = None) -> NDArray[np.str_]:
    """Return each pixel's text: its byte, paper left empty; or ``values`` (H, W), what the network gets for it."""
    if values is not None:
        return np.char.mod("%.2f", values)
    return np.where(image == 0, "", image.astype(str))


def _cell(value: int, text: str) -> str:
    paper = 255 - value
    ink = palette.ink((paper, paper, paper))
    return f'<td style="background:rgb({paper},{paper},{paper});color:{ink}">{html.escape(text)}</td>'
