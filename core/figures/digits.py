"""Pictures of digits and maps as pixels: small images that the browser enlarges without blurring."""

from __future__ import annotations

import base64
import io

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
    """Return a picture as a data URL for ``<img src>``."""
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
