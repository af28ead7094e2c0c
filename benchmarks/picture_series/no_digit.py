"""Pictures of no digit: parts of photographs, textures, gradients, filled shapes, many lines."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from benchmarks.picture_series.scene import Box, Brush, Scene, as_colour, blank, noise

Random = np.random.Generator
SIDE = 320


def photograph(random: Random) -> Scene:
    """Part of one of scikit-learn's two sample photographs."""
    from sklearn.datasets import load_sample_images

    image = load_sample_images().images[int(random.integers(2))]
    side = int(random.integers(60, 400))
    top = int(random.integers(image.shape[0] - side))
    left = int(random.integers(image.shape[1] - side))
    part = Image.fromarray(image[top : top + side, left : left + side]).resize((SIDE, SIDE))
    return Scene(np.asarray(part, np.float32) / np.float32(255))


def texture(random: Random) -> Scene:
    """Noise of one grain size, in one colour or three: clouds, sand, cloth."""
    grain = np.exp(random.uniform(np.log(1.5), np.log(40)))
    channels = random.normal(size=(SIDE, SIDE, 3))
    if random.random() < 0.5:
        channels[..., 1:] = channels[..., :1]
    soft = ndimage.gaussian_filter(channels, (grain, grain * random.uniform(0.3, 1), 0), mode="wrap")
    soft = 0.5 + soft / soft.std() * random.uniform(0.08, 0.25)
    return Scene(np.clip(soft, 0, 1).astype(np.float32))


def gradient(random: Random) -> Scene:
    """One colour that goes over into another, along a line or round a place."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE
    if random.random() < 0.5:
        angle = random.uniform(0, 2 * np.pi)
        share = np.cos(angle) * x + np.sin(angle) * y
    else:
        share = np.hypot(x - random.uniform(0, 1), y - random.uniform(0, 1))
    share = ((share - share.min()) / np.ptp(share)) ** random.uniform(0.5, 3)
    one, two = random.uniform(0, 1, (2, 3))
    scene = Scene((one + share[..., None] * (two - one)).astype(np.float32))
    noise(scene, random, random.uniform(0, 0.02))
    return scene


def shapes(random: Random) -> Scene:
    """One to three filled shapes: discs, boxes, triangles, as on signs and slides."""
    scene = blank(SIDE, SIDE, as_colour(random.uniform(0.7, 1, 3)))
    for _ in range(int(random.integers(1, 4))):
        colour = as_colour(random.uniform(0, 0.6, 3))
        x, y = random.uniform(0.25, 0.75, 2) * SIDE
        w, h = random.uniform(0.1, 0.35, 2) * SIDE
        kind = int(random.integers(3))
        corners = random.uniform(-1, 1, (3, 2)) * [w, h] + [x, y]

        scene.cover(scene.mask(partial(_fill, kind, (x - w, y - h, x + w, y + h), corners)), colour)
    return scene


def _fill(kind: int, box: Box, corners: NDArray[np.float64], brush: Brush) -> None:
    """Fill the disc or the rectangle of a box, or the triangle of three corners, (3, 2)."""
    if kind == 0:
        brush.ellipse(box, fill=255)
    elif kind == 1:
        brush.rectangle(box, fill=255)
    else:
        brush.polygon([(x, y) for x, y in corners.tolist()], fill=255)


def scrawl(random: Random) -> Scene:
    """Many lines over each other."""
    scene = blank(SIDE, SIDE, (1.0, 1.0, 1.0))
    points = random.uniform(0.1, 0.9, (int(random.integers(15, 50)), 2)) * SIDE
    scene.lines([tuple(point) for point in points.tolist()], random.uniform(2, 9), (0.1, 0.1, 0.1))
    return scene


KINDS = (photograph, photograph, texture, gradient, shapes, scrawl)
