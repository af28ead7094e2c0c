"""How MNIST frames a digit: ink scaled into 20x20, its centre of mass moved to the middle of 28x28."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

SIDE = 28  # pixels of an MNIST image
BOX = 20  # the longer side of the ink's box, in pixels
CENTRE = 14  # the pixel that holds the centre of mass: measured, it lies in [13.5, 14.5) in all 70,000 images

Ink = NDArray[np.float32]  # (height, width), 0 is paper, 1 is full ink


def ink_box(ink: Ink, threshold: float = 0.0) -> tuple[int, int, int, int] | None:
    """Return (top, left, bottom, right) of what is darker than ``threshold``; None when nothing is."""
    rows = np.flatnonzero((ink > threshold).any(axis=1))
    columns = np.flatnonzero((ink > threshold).any(axis=0))
    if not rows.size:
        return None
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def scale_into_box(crop: Ink) -> Ink:
    """Scale ``crop`` so that its longer side is 20 pixels, keeping its proportions; smaller means averaging."""
    height, width = crop.shape
    factor = BOX / max(height, width)
    size = (max(1, round(height * factor)), max(1, round(width * factor)))
    image = torch.from_numpy(np.ascontiguousarray(crop))[None, None]  # (1, 1, height, width)
    mode = "area" if factor <= 0.5 else "bicubic"
    scaled = F.interpolate(image, size, mode=mode, **({} if mode == "area" else {"antialias": True}))
    return scaled.clamp(0, 1)[0, 0].numpy()


def centre_of_mass(ink: Ink) -> tuple[float, float]:
    """Return (row, column) of the centre of mass in pixel indices: sum of index times ink over sum of ink."""
    mass = float(ink.sum())
    if mass <= 0:
        return (ink.shape[0] - 1) / 2, (ink.shape[1] - 1) / 2
    row = float(ink.sum(axis=1) @ np.arange(ink.shape[0], dtype=np.float32)) / mass
    column = float(ink.sum(axis=0) @ np.arange(ink.shape[1], dtype=np.float32)) / mass
    return row, column


def corner_of(boxed: Ink) -> tuple[int, int]:
    """Return where the top left pixel of ``boxed`` goes so that its centre of mass falls on pixel (14, 14).

    Whole pixels, as MNIST does; the ink stays inside 28x28.
    """
    row, column = centre_of_mass(boxed)
    _top, _left, bottom, right = ink_box(boxed) or (0, 0, *boxed.shape)
    top, left = math.floor(CENTRE - row + 0.5), math.floor(CENTRE - column + 0.5)
    return min(max(top, 0), SIDE - bottom), min(max(left, 0), SIDE - right)


def place_by_mass(boxed: Ink) -> Ink:
    """Paste ``boxed`` into 28x28 so that its centre of mass falls on pixel (14, 14), in whole pixels."""
    top, left = corner_of(boxed)
    image = np.zeros((SIDE, SIDE), np.float32)
    height, width = min(boxed.shape[0], SIDE - top), min(boxed.shape[1], SIDE - left)
    image[top : top + height, left : left + width] = boxed[:height, :width]
    return image


def squeeze(canvas: Ink) -> Ink:
    """Make a whole canvas 28x28 as it is, its shorter side padded with paper: what happens without centring."""
    height, width = canvas.shape
    side = max(height, width)
    square = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = canvas
    image = torch.from_numpy(square)[None, None]
    mode = "area" if side >= 2 * SIDE else "bilinear"
    return F.interpolate(image, (SIDE, SIDE), mode=mode)[0, 0].numpy()
