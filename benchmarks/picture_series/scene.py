"""A picture in the making: paper, a digit written on it, and what is drawn around it, in colour."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.float32]  # (height, width, 3) in [0, 1]
Mask = NDArray[np.float32]  # (height, width): how much of a colour covers each pixel
Brush = ImageDraw.ImageDraw
Digit = NDArray[np.uint8]  # (28, 28), 0 paper, 255 ink
Colour = tuple[float, float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

LUMA = np.array([0.299, 0.587, 0.114])
WHOLE = np.s_[:, :]


@dataclass
class Scene:
    """Pixels that are painted over, and the box of the digit once it is written."""

    pixels: Pixels
    box: Box = (0, 0, 0, 0)

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return int(self.pixels.shape[1])

    def cover(self, mask: Mask, colour: Colour, part: tuple[slice, slice] = WHOLE) -> None:
        """Paint ``colour`` where ``mask`` is 1, and part of it where the mask is between 0 and 1.

        Outside ``part``, rows and columns, the mask is 0: a large page takes long.
        """
        self.pixels[part] += mask[part][..., None] * (np.array(colour, np.float32) - self.pixels[part])

    def lines(self, points: list[tuple[float, float]], width: float, colour: Colour) -> None:
        """Draw a line through the points."""
        self.cover(self.mask(lambda brush: brush.line(points, fill=255, width=max(round(width), 1))), colour)

    def mask(self, draw: Callable[[Brush], object]) -> Mask:
        """Return what ``draw(brush)`` paints with 255 on a grey picture of this size."""
        picture = Image.new("L", (self.width, self.height))
        draw(ImageDraw.Draw(picture))
        return np.asarray(picture, np.float32) / np.float32(255)

    def write(self, digit: Digit, height: float, centre: tuple[float, float], colour: Colour, gain: float) -> None:
        """Write the digit ``height`` pixels high with its middle at ``centre`` (x, y); remember its box."""
        ink = enlarged(digit, height, gain)
        left, top = round(centre[0] - ink.shape[1] / 2), round(centre[1] - ink.shape[0] / 2)
        self.box = (left, top, left + ink.shape[1], top + ink.shape[0])
        part = np.s_[max(top, 0) : max(self.box[3], 0), max(left, 0) : max(self.box[2], 0)]
        self.cover(pasted(ink, self.height, self.width, top, left), colour, part)

    def picture(self) -> Image.Image:
        """Return the scene as an image file would hold it."""
        values = np.clip(self.pixels, 0, 1)
        values *= 255
        return Image.fromarray(np.rint(values, out=values).astype(np.uint8))


def blank(height: int, width: int, colour: Colour) -> Scene:
    """Return a scene of one colour."""
    return Scene(np.broadcast_to(np.array(colour, np.float32), (height, width, 3)).copy())


def enlarged(digit: Digit, height: float, gain: float) -> Mask:
    """Return the digit's ink, cropped, ``height`` pixels high; ``gain`` 1 leaves its edges soft, 6 makes them hard.

    A digit wider than high is made ``height`` wide.
    """
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    crop = Image.fromarray(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    factor = height / max(crop.size)
    size = (max(round(crop.width * factor), 2), max(round(crop.height * factor), 2))
    way = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    ink = np.asarray(crop.resize(size, way), np.float32) / np.float32(255)
    sharp: Mask = np.clip((ink - 0.5) * gain + 0.5, 0, 1).astype(np.float32)
    return sharp


def pasted(ink: Mask, height: int, width: int, top: int, left: int) -> Mask:
    """Return ``ink`` at a place on an empty mask; what is beyond the edge is cut off."""
    out = np.zeros((height, width), np.float32)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + ink.shape[0], height), min(left + ink.shape[1], width)
    if y1 > y0 and x1 > x0:
        out[y0:y1, x0:x1] = ink[y0 - top : y1 - top, x0 - left : x1 - left]
    return out


def as_colour(numbers: Iterable[float]) -> Colour:
    """Return three numbers as a colour."""
    red, green, blue = map(float, numbers)
    return red, green, blue


def luma(colour: Colour) -> float:
    """Return how bright a colour is, 0 to 1."""
    return float(np.array(colour) @ LUMA)


def paper_and_pen(random: np.random.Generator) -> tuple[Colour, Colour]:
    """Return two colours that are easy to tell apart: mostly a dark pen on light paper, sometimes the reverse."""
    light = as_colour(np.clip(random.uniform(0.75, 1) + random.normal(0, 0.03, 3), 0, 1))
    dark = as_colour(np.clip(random.uniform(0, 0.3) + random.normal(0, 0.1, 3), 0, 0.5))
    return (light, dark) if random.random() < 0.8 else (dark, light)


def on_page(
    digit: Digit, random: np.random.Generator, share: tuple[float, float] = (0.35, 0.6), side: int = 400
) -> tuple[Scene, Colour]:
    """Return a page with the digit somewhere near its middle, as high as ``share`` of the page; and the pen."""
    paper, pen = paper_and_pen(random)
    height, width = side, round(side * random.uniform(0.8, 1.25))
    scene = blank(height, width, paper)
    size = random.uniform(*share) * min(height, width)
    centre = (width / 2 + random.normal(0, 0.04) * width, height / 2 + random.normal(0, 0.04) * height)
    scene.write(digit, size, centre, pen, random.uniform(1.5, 6))
    return scene, pen


def noise(scene: Scene, random: np.random.Generator, strength: float) -> None:
    """Add grain of standard deviation ``strength``."""
    scene.pixels += random.normal(0, strength, scene.pixels.shape).astype(np.float32)


def light(scene: Scene, random: np.random.Generator, darkest: float) -> None:
    """Let the light fall off towards one side, to ``darkest`` of the brightest."""
    y, x = np.mgrid[0 : scene.height, 0 : scene.width].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    along = np.cos(angle) * x / scene.width + np.sin(angle) * y / scene.height
    along = (along - along.min()) / np.ptp(along)
    scene.pixels *= (1 - (1 - darkest) * along)[..., None]
