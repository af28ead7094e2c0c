"""What stands round a digit: frames, axes, ruling, grids, table cells, sheets on desks, squares on pages."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.picture_series.scene import (
    Box,
    Brush,
    Colour,
    Digit,
    Scene,
    as_colour,
    blank,
    light,
    luma,
    noise,
    on_page,
    paper_and_pen,
)

Random = np.random.Generator


def around(scene: Scene, random: Random, least: float = 0.08, most: float = 0.5) -> Box:
    """Return a box round the digit ``least`` to ``most`` of its size away on each side, on the page."""
    left, top, right, bottom = scene.box
    size = max(right - left, bottom - top)
    gap = random.uniform(least, most, 4) * size
    return (
        max(left - gap[0], 3),
        max(top - gap[1], 3),
        min(right + gap[2], scene.width - 4),
        min(bottom + gap[3], scene.height - 4),
    )


def corners(box: Box) -> list[tuple[float, float]]:
    """Return the corners of a box, once round."""
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def frame(digit: Digit, random: Random) -> Scene:
    """A closed rectangle, thin or thick, near or far, sometimes round at its corners, sometimes double."""
    scene, pen = on_page(digit, random)
    box, width = around(scene, random), int(random.integers(1, 11))
    if random.random() < 0.25:
        radius = random.uniform(0.05, 0.25) * min(box[2] - box[0], box[3] - box[1])
        scene.cover(scene.mask(lambda brush: brush.rounded_rectangle(box, radius, outline=255, width=width)), pen)
    else:
        scene.lines(corners(box), width, pen)
    if random.random() < 0.2:
        wider = 3 * width + 4
        scene.lines(corners((box[0] - wider, box[1] - wider, box[2] + wider, box[3] + wider)), width, pen)
    return scene


def frame_at_edge(digit: Digit, random: Random) -> Scene:
    """A rectangle along the picture's edge, as form fields and figures have it."""
    scene, pen = on_page(digit, random, (0.35, 0.75))
    inset, width = random.uniform(0, 12), int(random.integers(2, 9))
    scene.lines(corners((inset, inset, scene.width - 1 - inset, scene.height - 1 - inset)), width, pen)
    return scene


def open_frame(digit: Digit, random: Random) -> Scene:
    """A frame with one or two sides missing, or dashed."""
    scene, pen = on_page(digit, random)
    points, width = corners(around(scene, random, 0.15)), int(random.integers(1, 8))
    sides = list(itertools.pairwise(points))
    if random.random() < 0.5:
        missing = random.permutation(4)[: int(random.integers(1, 3))]
        for index, side in enumerate(sides):
            if index not in missing:
                scene.lines(list(side), width, pen)
        return scene
    dash = random.uniform(6, 25)
    for (x0, y0), (x1, y1) in sides:
        length = float(np.hypot(x1 - x0, y1 - y0))
        for start in np.arange(0, length, dash):
            a, b = start / length, min(start + dash * 0.6, length) / length
            scene.lines(
                [(x0 + a * (x1 - x0), y0 + a * (y1 - y0)), (x0 + b * (x1 - x0), y0 + b * (y1 - y0))], width, pen
            )
    return scene


def axes(digit: Digit, random: Random) -> Scene:
    """The axes of a plot: a thin frame with ticks and marks as large as numbers beside it."""
    scene, pen = on_page(digit, random, (0.3, 0.5))
    left, top, right, bottom = around(scene, random, 0.1, 0.3)
    width = int(random.integers(1, 4))
    scene.lines(corners((left, top, right, bottom)), width, pen)
    for place in np.linspace(0.1, 0.9, int(random.integers(3, 7))):
        x, y = left + place * (right - left), top + place * (bottom - top)
        scene.lines([(x, bottom), (x, bottom + 6)], width, pen)
        scene.lines([(left - 6, y), (left, y)], width, pen)
        scene.cover(scene.mask(partial(Brush.text, xy=(x - 3, bottom + 9), text="10", fill=255)), pen)
        scene.cover(scene.mask(partial(Brush.text, xy=(left - 22, y - 5), text="20", fill=255)), pen)
    return scene


def ruled(digit: Digit, random: Random) -> Scene:
    """Ruled paper: lines fainter than the pen, or as dark, that pass under and through the digit."""
    scene, pen = on_page(digit, random)
    width, step = int(random.integers(1, 5)), random.uniform(0.08, 0.5) * scene.height
    colour = _between(scene, pen, random)
    slope = random.normal(0, 0.01)
    for y in np.arange(random.uniform(0, step), scene.height, step):
        scene.lines([(0, y), (scene.width, y + slope * scene.width)], width, colour)
    return scene


def underline(digit: Digit, random: Random) -> Scene:
    """One line under the digit, or above it, not touching or just touching, as dark as the pen."""
    scene, pen = on_page(digit, random)
    left, top, right, bottom = scene.box
    gap = random.uniform(-0.02, 0.2) * (bottom - top)
    y = bottom + gap if random.random() < 0.75 else top - gap
    reach = random.uniform(0.2, 0.6) * (right - left)
    full = random.random() < 0.4
    ends = (0, scene.width) if full else (left - reach, right + reach)
    scene.lines([(ends[0], y), (ends[1], y + random.normal(0, 2))], random.uniform(2, 8), pen)
    return scene


def grid(digit: Digit, random: Random) -> Scene:
    """Squared paper, its lines fainter than the pen or as dark."""
    scene, pen = on_page(digit, random)
    colour, width = _between(scene, pen, random), int(random.integers(1, 4))
    step = random.uniform(0.07, 0.3) * scene.height
    for y in np.arange(random.uniform(0, step), scene.height, step):
        scene.lines([(0, y), (scene.width, y)], width, colour)
    for x in np.arange(random.uniform(0, step), scene.width, step):
        scene.lines([(x, 0), (x, scene.height)], width, colour)
    return scene


def table_cell(digit: Digit, random: Random) -> Scene:
    """A cell of a table or a sudoku, cut out with some of its neighbours' lines."""
    scene, pen = on_page(digit, random, (0.3, 0.55))
    left, top, right, bottom = around(scene, random, 0.08, 0.35)
    width = random.uniform(1, 9)
    for x in (left, right):
        scene.lines([(x, 0), (x, scene.height)], width, pen)
    for y in (top, bottom):
        scene.lines([(0, y), (scene.width, y)], width, pen)
    return scene


def sheet_on_desk(digit: Digit, random: Random) -> Scene:
    """A sheet on a dark desk, turned, with a shadow and light from one side; sometimes it leaves the picture."""
    side = 500
    sheet, _pen = _dark_on_light(digit, random)
    desk = blank(side, side, as_colour(random.uniform(0.05, 0.4, 3)))
    if random.random() < 0.5:
        grain = np.sin(np.arange(side) * random.uniform(0.05, 0.6))[:, None, None] * random.uniform(0, 0.04)
        desk.pixels += grain.astype(np.float32)
    scale = random.uniform(0.55, 0.85) * side / max(sheet.height, sheet.width)
    size = (round(sheet.width * scale), round(sheet.height * scale))
    angle = random.normal(0, 8)
    picture = sheet.picture().resize(size, Image.Resampling.BICUBIC).convert("RGBA")
    picture = picture.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    off = random.uniform(-0.12, 0.12, 2) * side
    left, top = round((side - picture.width) / 2 + off[0]), round((side - picture.height) / 2 + off[1])
    alpha = Image.new("L", (side, side))
    alpha.paste(picture.getchannel("A"), (left, top))
    shadow = Image.new("L", (side, side))
    shadow.paste(picture.getchannel("A"), (left + 7, top + 9))
    dark = np.asarray(shadow.filter(ImageFilter.GaussianBlur(6)), np.float32) / np.float32(255)
    desk.pixels *= (1 - random.uniform(0, 0.6) * dark)[..., None]
    laid = Image.new("RGB", (side, side))
    laid.paste(picture.convert("RGB"), (left, top))
    cover = np.asarray(alpha, np.float32)[..., None] / np.float32(255)
    desk.pixels += cover * (np.asarray(laid, np.float32) / np.float32(255) - desk.pixels)
    if random.random() < 0.6:
        light(desk, random, random.uniform(0.5, 0.95))
    noise(desk, random, random.uniform(0, 0.015))
    return desk


def square_on_page(digit: Digit, random: Random) -> Scene:
    """A square of one brightness on a page of the other, the digit in it: MNIST's own pictures with a margin."""
    inner, outer = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)) if random.random() < 0.7 else ((1.0, 1.0, 1.0), (0.0,) * 3)
    side = int(random.integers(200, 500))
    scene = blank(side, round(side * random.uniform(0.9, 1.2)), outer)
    square = random.uniform(0.4, 0.9) * min(scene.height, scene.width)
    x, y = scene.width / 2 + random.normal(0, 5), scene.height / 2 + random.normal(0, 5)
    half = square / 2
    scene.cover(
        scene.mask(lambda brush: brush.rectangle((x - half, y - half, x + half, y + half), fill=255)), inner
    )
    scene.write(digit, square * random.uniform(0.5, 0.72), (x, y), outer, random.uniform(1, 5))
    return scene


def small_on_page(digit: Digit, random: Random) -> Scene:
    """A digit of 1 to 6 % of the height of a large page, anywhere."""
    paper, pen = paper_and_pen(random)
    height = int(random.integers(1400, 2600))
    scene = blank(height, round(height * random.uniform(0.7, 1.4)), paper)
    size = random.uniform(0.01, 0.06) * height
    centre = (random.uniform(0.1, 0.9) * scene.width, random.uniform(0.1, 0.9) * height)
    scene.write(digit, size, centre, pen, random.uniform(1.5, 4))
    return scene


def _between(scene: Scene, pen: Colour, random: Random) -> Colour:
    """Return a colour of ruling: from faint to as strong as the pen, often bluish."""
    paper, share = scene.pixels[0, 0], random.choice([random.uniform(0.15, 0.6), 1.0], p=[0.7, 0.3])
    mixed = paper + share * (np.array(pen) - paper)
    if random.random() < 0.5 and share < 1:
        mixed = np.clip(mixed + np.array([-0.05, 0, 0.15]), 0, 1)
    return as_colour(mixed)


def _dark_on_light(digit: Digit, random: Random) -> tuple[Scene, Colour]:
    """Return a page with a pen darker than it."""
    while True:
        scene, pen = on_page(digit, random, (0.3, 0.55))
        if luma(pen) < 0.5:
            return scene, pen
