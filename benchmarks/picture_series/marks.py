"""What disturbs a digit: neighbours, blots, staples, page edges, colours as bright as the paper, light, noise."""

from __future__ import annotations

import io
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.picture_series.scene import (
    Brush,
    Colour,
    Digit,
    Scene,
    as_colour,
    blank,
    enlarged,
    light,
    luma,
    noise,
    on_page,
    pasted,
)

Random = np.random.Generator
SIDES = ("left", "right", "top", "bottom")


def clean(digit: Digit, random: Random) -> Scene:
    """Nothing but the digit on its paper."""
    return on_page(digit, random, (0.3, 0.8))[0]


def coloured(digit: Digit, random: Random) -> Scene:
    """A coloured pen exactly as bright as its paper, or very nearly: yellow on white, blue on black."""
    kinds: list[tuple[Colour, Colour]] = [
        ((1, 1, 1), (1, 1, 0)),
        ((0, 0, 0), (0, 0, 1)),
        ((0, 0.5, 0), (0.98, 0, 0)),
        ((0.95, 0.95, 0.9), (0.6, 1, 0.9)),
    ]
    if random.random() < 0.5:
        paper, pen = kinds[int(random.integers(len(kinds)))]
    else:
        paper, pen = equally_bright(random)
    scene = blank(int(random.integers(200, 500)), int(random.integers(200, 500)), paper)
    size = random.uniform(0.4, 0.7) * min(scene.height, scene.width)
    scene.write(digit, size, (scene.width / 2, scene.height / 2), pen, random.uniform(1.5, 5))
    return scene


def equally_bright(random: Random) -> tuple[Colour, Colour]:
    """Return two colours of the same brightness that are far apart in hue."""
    while True:
        one = random.uniform(0, 1, 3)
        two = random.uniform(0, 1, 3)
        two *= luma(as_colour(one)) / max(luma(as_colour(two)), 1e-6)
        if two.max() <= 1 and np.linalg.norm(one - two) > 0.55:
            return as_colour(one), as_colour(two)


def neighbour(digit: Digit, other: Digit, random: Random) -> Scene:
    """Another digit cut off by the picture's edge, left, right, above or below."""
    scene, pen = on_page(digit, random, (0.35, 0.6))
    left, top, right, bottom = scene.box
    ink = enlarged(other, (bottom - top) * random.uniform(0.8, 1.2), random.uniform(1.5, 5))
    share = random.uniform(0.05, 0.6)
    side = SIDES[int(random.integers(4))]
    y, x = round((top + bottom - ink.shape[0]) / 2), round((left + right - ink.shape[1]) / 2)
    shown_x, shown_y = round(share * ink.shape[1]), round(share * ink.shape[0])
    y, x = {
        "left": (y, shown_x - ink.shape[1]),
        "right": (y, scene.width - shown_x),
        "top": (shown_y - ink.shape[0], x),
        "bottom": (scene.height - shown_y, x),
    }[side]
    scene.cover(pasted(ink, scene.height, scene.width, y, x), pen)
    return scene


def blots(digit: Digit, random: Random) -> Scene:
    """One to four blots, holes or short strokes away from the digit, in corners and at edges too."""
    scene, pen = on_page(digit, random, (0.35, 0.55))
    left, top, right, bottom = scene.box
    size = max(right - left, bottom - top)
    for _ in range(int(random.integers(1, 5))):
        radius = random.uniform(0.02, 0.12) * size
        for _ in range(40):
            x, y = random.uniform(0, scene.width), random.uniform(0, scene.height)
            away = max(left - x, x - right, top - y, y - bottom)
            if away > radius + 0.15 * size:
                break
        else:
            continue
        if random.random() < 0.6:
            place = (x - radius, y - radius, x + radius, y + radius * random.uniform(0.6, 1))
            scene.cover(scene.mask(partial(Brush.ellipse, xy=place, fill=255)), pen)
        else:
            end = (x + random.normal(0, 1.5) * radius, y + random.normal(0, 1.5) * radius)
            scene.lines([(x, y), end], random.uniform(2, 6), pen)
    return scene


def staple(digit: Digit, random: Random) -> Scene:
    """A staple or a paper clip near a corner: a short bar with bent ends."""
    scene, pen = on_page(digit, random, (0.35, 0.55))
    x, y = random.uniform(0.02, 0.2) * scene.width, random.uniform(0.02, 0.12) * scene.height
    if random.random() < 0.5:
        x = scene.width - x - 40
    tilt = random.normal(0, 8)
    points = [(x, y + 8), (x, y), (x + 40, y + tilt), (x + 40, y + tilt + 8)]
    grey = random.uniform(0.3, 0.6)
    scene.lines(points, random.uniform(2, 5), (grey,) * 3 if random.random() < 0.5 else pen)
    return scene


def page_edge(digit: Digit, random: Random) -> Scene:
    """The edge of a page or of a book: a dark or shaded band along one or two sides of the picture."""
    scene, _pen = on_page(digit, random, (0.3, 0.5))
    shade = random.uniform(0, 0.6) if scene.pixels[0, 0].mean() > 0.5 else random.uniform(0.5, 1)
    for side in random.permutation(4)[: int(random.integers(1, 3))]:
        depth = random.uniform(0.02, 0.15) * min(scene.height, scene.width)
        tilt = random.normal(0, 0.03) * scene.height
        w, h = scene.width, scene.height
        bands: list[list[tuple[float, float]]] = [
            [(0, 0), (depth, 0), (depth + tilt, h), (0, h)],
            [(w, 0), (w - depth, 0), (w - depth + tilt, h), (w, h)],
            [(0, 0), (w, 0), (w, depth), (0, depth + tilt)],
            [(0, h), (w, h), (w, h - depth), (0, h - depth + tilt)],
        ]
        scene.cover(scene.mask(partial(Brush.polygon, xy=bands[side], fill=255)), (shade,) * 3)
    return scene


def uneven_light(digit: Digit, random: Random) -> Scene:
    """Light from one side, a soft shadow, grain, a little blur."""
    scene, _pen = on_page(digit, random, (0.3, 0.6))
    light(scene, random, random.uniform(0.45, 0.8))
    picture = scene.picture().filter(ImageFilter.GaussianBlur(random.uniform(0, 2)))
    scene.pixels[:] = np.asarray(picture, np.float32) / np.float32(255)
    noise(scene, random, random.uniform(0.005, 0.03))
    return scene


def hard_shadow(digit: Digit, random: Random) -> Scene:
    """A shadow with an edge over a part of the page, as that of a hand or of the camera."""
    scene, _pen = on_page(digit, random, (0.3, 0.6))
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    angle = random.uniform(0, 2 * np.pi)
    across, down = random.uniform(0.25, 0.75) * scene.width, random.uniform(0.25, 0.75) * scene.height
    dark = (x - across) * np.cos(angle) + (y - down) * np.sin(angle) > 0
    edge = Image.fromarray(np.uint8(255 * dark)).filter(ImageFilter.GaussianBlur(random.uniform(0, 2)))
    shade = (1 - random.uniform(0.35, 0.8)) * np.asarray(edge, np.float32) / np.float32(255)
    scene.pixels *= (1 - shade[..., None]).astype(np.float32)
    noise(scene, random, random.uniform(0.005, 0.02))
    return scene


def jpeg_noise(digit: Digit, random: Random) -> Scene:
    """Grain, then JPEG of a low quality."""
    scene, _pen = on_page(digit, random, (0.3, 0.6))
    noise(scene, random, random.uniform(0.01, 0.05))
    return as_jpeg(scene, int(random.integers(12, 50)))


def as_jpeg(scene: Scene, quality: int) -> Scene:
    """Write the scene as JPEG and read it again."""
    buffer = io.BytesIO()
    scene.picture().save(buffer, "JPEG", quality=quality)
    scene.pixels[:] = np.asarray(Image.open(buffer).convert("RGB"), np.float32) / np.float32(255)
    return scene
