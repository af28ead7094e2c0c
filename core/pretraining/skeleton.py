"""A digit of pixels -> the strokes a pen would have drawn: thin the ink, walk along what remains."""

from __future__ import annotations

import numpy as np
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

ENLARGE = 3  # thinning works on the digit enlarged, where a stroke is about 9 pixels wide
THRESHOLD = 0.4
Pixel = tuple[int, int]
Path = list[Pixel]
Points = NDArray[np.float32]


def enlarge(images: Tensor) -> NDArray[np.bool_]:
    """Enlarge uint8 (N, 28, 28) three times and cut at 0.4 of full ink: bool (N, 84, 84)."""
    grey = images[:, None].float() / 255
    large = F.interpolate(grey, scale_factor=ENLARGE, mode="bicubic")
    return (large[:, 0] > THRESHOLD).numpy()


def _goes(first_pass: bool) -> NDArray[np.uint8]:
    """Say for each of the 256 neighbourhoods whether its pixel goes; bit k is P(k+2), clockwise from above.

    Zhang and Suen, "A fast parallel algorithm for thinning digital patterns", CACM 27 (1984): a pixel with 2 to 6
    neighbours and exactly one step from paper to ink around it goes, in two alternating passes.
    """
    table = np.zeros(256, np.uint8)
    for code in range(256):
        p = [code >> k & 1 for k in range(8)]  # P2 P3 P4 P5 P6 P7 P8 P9
        steps = sum((1 - p[k]) * p[(k + 1) % 8] for k in range(8))
        a, b = (p[0] * p[2] * p[4], p[2] * p[4] * p[6]) if first_pass else (p[0] * p[2] * p[6], p[0] * p[4] * p[6])
        table[code] = 2 <= sum(p) <= 6 and steps == 1 and a == 0 and b == 0
    return table


STAYS = tuple(1 - _goes(first_pass) for first_pass in (True, False))
AROUND = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))  # P2..P9 in an image with a border of 1


def thin(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin bool (N, H, W) to lines one pixel wide, keeping what hangs together (Zhang and Suen)."""
    count, height, width = ink.shape
    padded = np.zeros((count, height + 2, width + 2), np.uint8)
    inner = padded[:, 1:-1, 1:-1]
    inner[:] = ink
    remaining = -1
    while remaining != (remaining := int(padded.sum(dtype=np.int64))):
        for stays in STAYS:
            code = np.zeros(ink.shape, np.uint8)
            for bit, (row, column) in enumerate(AROUND):
                code |= padded[:, row : row + height, column : column + width] << np.uint8(bit)
            inner &= stays[code]
    return inner.astype(bool)


def graph(skeleton: NDArray[np.bool_]) -> dict[Pixel, list[Pixel]]:
    """Return which skeleton pixels touch; a diagonal counts only where no pixel beside it makes the same link."""
    pixels = set(map(tuple, np.argwhere(skeleton).tolist()))
    links: dict[Pixel, list[Pixel]] = {}
    for row, column in pixels:
        neighbours = [
            (row + dr, column + dc)
            for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0))
            if (row + dr, column + dc) in pixels
        ]
        for dr, dc in ((1, 1), (1, -1), (-1, -1), (-1, 1)):
            corner = (row + dr, column + dc)
            if corner in pixels and (row + dr, column) not in pixels and (row, column + dc) not in pixels:
                neighbours.append(corner)
        links[(row, column)] = neighbours
    return links


def walk(links: dict[Pixel, list[Pixel]]) -> list[Path]:
    """Cut the graph into paths that run from an end or a crossing to the next; rings start anywhere."""
    unused = {(a, b) for a, others in links.items() for b in others}
    knots = [pixel for pixel, others in links.items() if len(others) != 2]
    paths: list[Path] = [[pixel] for pixel in knots if not links[pixel]]
    for start in [*knots, *links]:
        for step in links[start]:
            if (start, step) not in unused:
                continue
            path = [start, step]
            unused -= {(start, step), (step, start)}
            while len(links[path[-1]]) == 2 and path[-1] != start:
                onward = next((p for p in links[path[-1]] if (path[-1], p) in unused), None)
                if onward is None:
                    break
                unused -= {(path[-1], onward), (onward, path[-1])}
                path.append(onward)
            paths.append(path)
    return paths


def without_spurs(links: dict[Pixel, list[Pixel]], shortest: int) -> dict[Pixel, list[Pixel]]:
    """Drop side branches shorter than ``shortest`` pixels: thinning grows them on bumps of the outline."""
    for path in walk(links):
        ends = [len(links[path[0]]), len(links[path[-1]])]
        if len(path) < shortest and min(ends) == 1 and max(ends) >= 3:
            spur = path[:-1] if ends[0] == 1 else path[1:]
            for pixel in spur:
                for other in links.pop(pixel, []):
                    if other in links:
                        links[other] = [p for p in links[other] if p != pixel]
    return links


def joined(paths: list[Path]) -> list[Path]:
    """Join paths that meet at a crossing and go straight on, as a pen would; the straightest pair first."""
    paths = [list(path) for path in paths]
    while True:
        best: tuple[float, int, int, bool, bool] | None = None
        for i, one in enumerate(paths):
            for j in range(i + 1, len(paths)):
                for back_i in (False, True):
                    for back_j in (False, True):
                        a = one[::-1] if back_i else one  # ends at the crossing
                        b = paths[j][::-1] if back_j else paths[j]  # starts at the crossing
                        if a[-1] != b[0] or a[0] == a[-1] or b[0] == b[-1]:
                            continue
                        straight = _cosine(a, b)
                        if straight > 0.5 and (best is None or straight > best[0]):
                            best = (straight, i, j, back_i, back_j)
        if best is None:
            return paths
        _, i, j, back_i, back_j = best
        a, b = (paths[i][::-1] if back_i else paths[i]), (paths[j][::-1] if back_j else paths[j])
        paths = [path for k, path in enumerate(paths) if k not in (i, j)] + [a + b[1:]]


def _cosine(a: Path, b: Path, reach: int = 9) -> float:
    """Return the cosine of the turn where ``a`` ends and ``b`` begins, looking ``reach`` pixels to each side."""
    into = np.subtract(a[-1], a[max(-reach, -len(a))]).astype(float)
    out = np.subtract(b[min(reach, len(b)) - 1], b[0]).astype(float)
    return float(into @ out / max(np.linalg.norm(into) * np.linalg.norm(out), 1e-9))


def smooth(path: Path, rounds: int = 6) -> NDArray[np.float32]:
    """Turn pixels into points (n, 2) as x, y in pixels of 28x28, and average the staircase away; ends stay."""
    points: Points = ((np.array(path, np.float32)[:, ::-1] + 0.5) / ENLARGE).astype(np.float32)
    ring = len(path) > 3 and path[0] == path[-1]
    for _ in range(rounds):
        if ring:
            body = points[:-1]
            mean = (np.roll(body, 1, axis=0) + 2 * body + np.roll(body, -1, axis=0)) / 4
            points = np.concatenate([mean, mean[:1]]).astype(np.float32)
        elif len(points) > 2:
            points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    return points.astype(np.float32)


def trace(skeleton: NDArray[np.bool_]) -> list[NDArray[np.float32]]:
    """Return the strokes of one thinned digit, points in pixels of 28x28."""
    links = without_spurs(graph(skeleton), shortest=6)
    return [smooth(path) for path in joined(walk(links))]


def strokes_of(images: Tensor, batch: int = 1000) -> list[list[NDArray[np.float32]]]:
    """Return the strokes of each digit in uint8 (N, 28, 28)."""
    strokes = []
    for part in images.chunk(-(-len(images) // batch)):
        strokes += [trace(skeleton) for skeleton in thin(enlarge(part))]
    return strokes
