"""Series of pictures with one thing wrong in each, made by code: what ``benchmarks.pictures`` and a test read.

A condition is a function of (digit, another digit, random numbers) that returns a picture; the picture of index i
is a function of (condition, seed, i) alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from benchmarks.picture_series import marks, no_digit, surroundings
from benchmarks.picture_series.scene import Digit, Scene, as_colour, light, noise

Make = Callable[[Digit, Digit, np.random.Generator], Scene]


def _alone(make: Callable[[Digit, np.random.Generator], Scene]) -> Make:
    return lambda digit, _other, random: make(digit, random)


def _in_a_photograph(make: Callable[[Digit, np.random.Generator], Scene]) -> Make:
    """Take a scene with uneven light and grain, saved as JPEG."""

    def photographed(digit: Digit, _other: Digit, random: np.random.Generator) -> Scene:
        scene = make(digit, random)
        light(scene, random, random.uniform(0.55, 0.9))
        noise(scene, random, random.uniform(0.005, 0.02))
        return marks.as_jpeg(scene, int(random.integers(40, 85)))

    return photographed


def _two_things(digit: Digit, other: Digit, random: np.random.Generator) -> Scene:
    """Ruling, a frame or a cell, and a neighbour's digit or a blot on top."""
    first = (surroundings.ruled, surroundings.frame, surroundings.table_cell, surroundings.underline)
    scene = first[int(random.integers(len(first)))](digit, random)
    pen = as_colour(scene.pixels[int(scene.box[1]) :, :].reshape(-1, 3).min(axis=0))
    radius = random.uniform(3, 9)
    x, y = random.uniform(0, 1) * scene.width, random.uniform(0, 0.05) * scene.height
    place = (x - radius, y - radius, x + radius, y + radius)
    scene.cover(scene.mask(lambda brush: brush.ellipse(place, fill=255)), pen)
    return _in_a_photograph(lambda _digit, _random: scene)(digit, other, random)


CONDITIONS: dict[str, Make] = {
    "clean": _alone(marks.clean),
    "frame": _alone(surroundings.frame),
    "frame at the edge": _alone(surroundings.frame_at_edge),
    "open or dashed frame": _alone(surroundings.open_frame),
    "axes of a plot": _alone(surroundings.axes),
    "ruled paper": _alone(surroundings.ruled),
    "underlined": _alone(surroundings.underline),
    "squared paper": _alone(surroundings.grid),
    "table cell": _alone(surroundings.table_cell),
    "sheet on a desk": _alone(surroundings.sheet_on_desk),
    "square on a page": _alone(surroundings.square_on_page),
    "small on a large page": _alone(surroundings.small_on_page),
    "pen as bright as its paper": _alone(marks.coloured),
    "neighbour cut off": marks.neighbour,
    "blots": _alone(marks.blots),
    "staple": _alone(marks.staple),
    "edge of a page": _alone(marks.page_edge),
    "uneven light": _alone(marks.uneven_light),
    "hard shadow": _alone(marks.hard_shadow),
    "noise and JPEG": _alone(marks.jpeg_noise),
    "frame, photographed": _in_a_photograph(surroundings.frame),
    "ruled, photographed": _in_a_photograph(surroundings.ruled),
    "two things, photographed": _two_things,
    "no digit": lambda _digit, _other, random: no_digit.KINDS[int(random.integers(len(no_digit.KINDS)))](random),
}
NO_DIGIT = {"no digit"}


def series(
    name: str, digits: np.ndarray, labels: list[int], count: int, seed: int = 0, make: Make | None = None
) -> Iterator[tuple[Image.Image, int | None]]:
    """Yield ``count`` pictures of one condition, each with the digit on it, None where there is none.

    ``digits`` are uint8 (N, 28, 28), ``labels`` what they are; picture i shows digit i modulo N.
    """
    make = make or CONDITIONS[name]
    for index in range(count):
        random = np.random.default_rng((seed, zlib.crc32(name.encode()), index))
        place, other = index % len(digits), int(random.integers(len(digits)))
        picture = make(digits[place], digits[other], random).picture()
        yield picture, None if name in NO_DIGIT else labels[place]
