"""Pictures of digits, maps and probabilities as HTML: small images that the browser enlarges without blurring."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.figures import palette

Map = NDArray[np.floating]
GREY = 200  # the colour between maps
SHADE = 0.12  # opacity of the grey that marks a place under signed colours

Picture = NDArray[np.uint8]


def png(picture: Picture) -> bytes:
    """Return grey (H, W), colour (H, W, 3) or partly transparent (H, W, 4) pixels as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def uri(picture: Picture) -> str:
    """Return a picture as a data address for ``<img src>``."""
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode()


def signed(values: Map, bound: float | None = None) -> NDArray[np.uint8]:
    """Colour values (..., H, W): orange at -bound, blue at +bound, as transparent between them as they are near 0.

    Under them is the theme's neutral colour (``.sw-signed`` in ``static/css/frame.css``): together they are the
    zero-centred palette.
    """
    limit = bound if bound is not None else float(np.abs(values).max(initial=0))
    share = np.clip(np.nan_to_num(values / (limit or 1.0)), -1, 1)[..., None]
    colours = np.where(share < 0, _channels(palette.NEGATIVE), _channels(palette.POSITIVE))
    painted: NDArray[np.uint8] = np.rint(np.concatenate([colours, 255 * np.abs(share)], axis=-1)).astype(np.uint8)
    return painted


def with_shade(colours: NDArray[np.uint8], where: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return ``signed`` colours (H, W, 4) with a light grey shade under them ``where`` (H, W)."""
    alpha = colours[..., 3:] / 255
    under = SHADE * where[..., None] * (1 - alpha)
    total = alpha + under
    mixed = np.divide(
        alpha * colours[..., :3] + under * 128, total, out=np.zeros((*alpha.shape[:2], 3)), where=total > 0
    )
    shaded: NDArray[np.uint8] = np.rint(np.concatenate([mixed, 255 * total], axis=-1)).astype(np.uint8)
    return shaded


def _channels(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.float64)


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


def bars(probabilities: Sequence[float], best: int | None, label: str) -> str:
    """Return ten horizontal bars, one for each digit, the answer's in colour."""
    lines = [
        f'<div role="listitem" class="sw-bar{" best" if digit == best else ""}"><b>{digit}</b>'
        f'<div><div style="width:{100 * p:.2f}%"></div></div><span>{p:.2%}</span></div>'
        for digit, p in enumerate(probabilities)
    ]
    return f'<div role="list" aria-label="{html.escape(label, quote=True)}">{"".join(lines)}</div>'


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


def montage(maps: Map, columns: int) -> Picture:
    """Lay C maps (C, H, W) out in a grid with gaps of one pixel, from paper (0) to ink (the largest value of all).

    Small maps are enlarged, so that the gaps stay narrow beside them.
    """
    bound = float(np.abs(maps).max(initial=0)) or 1.0
    levels = (255 - np.rint(255 * np.clip(np.nan_to_num(maps / bound), 0, 1))).astype(np.uint8)
    larger = -(-12 // maps.shape[2])
    painted = levels.repeat(larger, axis=1).repeat(larger, axis=2)
    count, height, width = painted.shape
    rows = -(-count // columns)
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), GREY, np.uint8)
    for index, picture in enumerate(painted):
        top, left = index // columns * (height + 1), index % columns * (width + 1)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def square(pixels: NDArray[np.uint8], paper: int = 255) -> NDArray[np.uint8]:
    """Return grey pixels in the middle of a square of paper."""
    height, width = pixels.shape
    side = max(height, width)
    sheet = np.full((side, side), paper, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    sheet[top : top + height, left : left + width] = pixels
    return sheet
