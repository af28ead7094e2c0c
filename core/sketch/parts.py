"""The ink's connected parts: which are the digit, and which are frames, lines, neighbours and blots."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.sketch import masks

Mask = NDArray[np.bool_]  # (height, width)
EIGHT = np.ones((3, 3), bool)

# What was left out, in the order in which it is looked for.
SHEET, LINES, FRAME, EDGE, MARKS = "page", "lines", "frame", "edge", "marks"


@dataclass(frozen=True)
class Part:
    """One connected part: its number in the labels, its box in pixels, whether it touches the page's edge."""

    number: int
    top: int
    left: int
    bottom: int
    right: int
    area: int
    touches: bool

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def size(self) -> int:
        """The longer side."""
        return max(self.height, self.width)


@dataclass(frozen=True)
class Split:
    """The ink of the digit as a mask, what was left out (names), and whether the rest is in doubt."""

    digit: Mask
    removed: tuple[str, ...]
    doubt: str | None


def parts_of(ink: Mask, page: Mask) -> tuple[NDArray[np.int32], list[Part]]:
    """Return the labels of the connected parts and the parts, the largest first."""
    labels, _count = ndimage.label(ink, EIGHT)
    inner = masks.eroded(page, 3)
    at_edge = set(np.unique(labels[~inner]).tolist())
    areas = np.bincount(labels.ravel())
    parts = [
        Part(number, rows.start, columns.start, rows.stop, columns.stop, int(areas[number]), number in at_edge)
        for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1)
    ]
    return labels, sorted(parts, key=lambda part: -part.size)


def split(ink: Mask, page: Mask) -> Split:
    """Tell the digit's parts from the others."""
    removed: list[str] = []
    doubt: str | None = None
    labels, parts = parts_of(ink, page)
    parts = _without_dust(parts)
    while (framed := _frame(labels, parts)) is not None:
        page, outside = framed
        removed.append(FRAME)
        parts = [part for part in parts if part.number not in outside]
    while (open_frame := _open_frame(labels, parts)) is not None:
        removed += [FRAME] * (FRAME not in removed)
        parts = [part for part in parts if part is not open_frame]
    parts, cut = _without_edge(parts, page.shape)
    if cut:
        removed.append(EDGE)
    if not parts:
        return Split(np.zeros_like(ink), tuple(removed), None)
    main = _main(parts)
    parts, why = _beside(main, parts)
    removed += [each for each in why if each not in removed]
    if main.touches and len(parts) > 1:
        doubt = "cut"
    digit = np.isin(labels, [part.number for part in parts])
    return Split(digit, tuple(removed), doubt)


def _without_dust(parts: list[Part]) -> list[Part]:
    """Drop parts of a pixel or two, and what is smaller than a hundredth of the largest part."""
    if not parts:
        return []
    least = max(2, parts[0].size / 50)
    return [part for part in parts if part.size >= least]


def _frame(labels: NDArray[np.int32], parts: list[Part]) -> tuple[Mask, set[int]] | None:
    """Return the largest hole of a closed frame that has writing in it, and the numbers of the parts outside it."""
    for part in parts:
        if part.size < 12:
            return None
        box = np.s_[part.top : part.bottom, part.left : part.right]
        own = labels[box] == part.number
        holes, count = ndimage.label(masks.filled(own) & ~own)
        if not count:
            continue
        inside: dict[int, list[Part]] = {}
        for other in parts:
            if other is part or not _within(other, part):
                continue
            own_other = labels[box] == other.number
            hole = int(np.bincount(holes[own_other], minlength=count + 1).argmax())
            if hole:
                inside.setdefault(hole, []).append(other)
        if not inside:
            continue
        best = max(inside, key=lambda hole: max(other.size for other in inside[hole]))
        content = inside[best]
        side = min(part.height, part.width)
        straight = own.sum() and _straight(own)
        if max(other.size for other in content) < (0.08 if straight else 0.3) * side:
            continue
        page = np.zeros(labels.shape, bool)
        page[box] = holes == best
        content_numbers = {other.number for other in content}
        return page, {other.number for other in parts} - content_numbers
    return None


def _open_frame(labels: NDArray[np.int32], parts: list[Part]) -> Part | None:
    """Return a part that is all straight sides, two or three of them, round a smaller part."""
    for part in parts:
        box = np.s_[part.top : part.bottom, part.left : part.right]
        own = labels[box] == part.number
        inset = max(round(0.07 * part.size), 2)
        middle = own[inset:-inset, inset:-inset] if min(own.shape) > 2 * inset else own[:0]
        if min(own.shape) < 0.3 * part.size or middle.sum() > 0.04 * own.sum():
            continue
        for other in parts:
            if other is part or other.size < 0.2 * part.size or not _overlap(other, part):
                continue
            facing = own[
                max(other.top - part.top, 0) : max(other.bottom - part.top, 0),
                max(other.left - part.left, 0) : max(other.right - part.left, 0),
            ]
            if not facing.any() and _sides(own, part, other) >= 2:
                return part
    return None


def _overlap(one: Part, two: Part) -> bool:
    """Return whether two boxes overlap by most of the first."""
    high = min(one.bottom, two.bottom) - max(one.top, two.top)
    wide = min(one.right, two.right) - max(one.left, two.left)
    return high > 0.6 * one.height and wide > 0.6 * one.width


def _sides(own: Mask, part: Part, other: Part) -> int:
    """Return on how many sides of ``other`` the part reaches along two thirds of it."""
    top, bottom = max(other.top - part.top, 0), other.bottom - part.top
    left, right = max(other.left - part.left, 0), other.right - part.left
    strips = (
        own[:top, left:right].any(axis=0),
        own[bottom:, left:right].any(axis=0),
        own[top:bottom, :left].any(axis=1),
        own[top:bottom, right:].any(axis=1),
    )
    return sum(bool(strip.size and strip.mean() > 0.66) for strip in strips)


def _straight(own: Mask) -> bool:
    """Return whether a part is mostly long level and upright lines: a frame or a grid."""
    rows, columns = own.mean(axis=1), own.mean(axis=0)
    return bool((rows > 0.6).any() and (columns > 0.6).any() and own.mean() < 0.5)


def _within(inner: Part, outer: Part) -> bool:
    return (
        inner.top > outer.top
        and inner.left > outer.left
        and inner.bottom < outer.bottom
        and inner.right < outer.right
    )


def _without_edge(parts: list[Part], shape: tuple[int, ...]) -> tuple[list[Part], bool]:
    """Drop what touches the page's edge, where something that does not is as large as writing."""
    free = [part for part in parts if not part.touches]
    at_edge = [part for part in parts if part.touches]
    if not free or not at_edge:
        return parts, False
    largest = max(free, key=lambda part: part.size)
    cut = [part for part in at_edge if not _across(part, shape)]
    if cut and largest.size < 0.4 * max(part.size for part in cut):
        return parts, False
    return free, True


def _across(part: Part, shape: tuple[int, ...]) -> bool:
    """Return whether a part runs along or across the whole page."""
    return part.width > 0.85 * shape[1] or part.height > 0.85 * shape[0]


def _main(parts: list[Part]) -> Part:
    """Return the part that is most likely the digit, or its largest stroke: the tallest, level lines last."""
    return max(parts, key=lambda part: part.size if part.height * 6 > part.width else part.height)


def _beside(main: Part, parts: list[Part]) -> tuple[list[Part], list[str]]:
    """Drop what lies round the main part: the sides of an open frame, lines above and below, blots."""
    size = main.size
    others = [part for part in parts if part is not main]
    removed: set[int] = set()
    why: list[str] = []
    sides = {
        "left": [part for part in others if part.right <= main.left],
        "right": [part for part in others if part.left >= main.right],
        "above": [part for part in others if part.bottom <= main.top],
        "below": [part for part in others if part.top >= main.bottom],
    }
    covered = {name: _covers(each, main, name in ("above", "below")) for name, each in sides.items()}
    if sum(covered.values()) >= 2 and _round(
        main, [part for name in sides if covered[name] for part in sides[name]]
    ):
        frame = {part.number for name in sides for part in sides[name] if covered[name]}
        removed |= frame
        why.append(FRAME)
    for part in others:
        if part.number in removed:
            continue
        if _is_line(part, main):
            removed.add(part.number)
            why.append(LINES)
        elif part.size < 0.4 * size and _gap(part, main) > 0.12 * size:
            removed.add(part.number)
            why.append(MARKS)
    return [part for part in parts if part.number not in removed], why


def _covers(parts: list[Part], main: Part, level: bool) -> bool:
    """Return whether thin parts on one side reach along two thirds of the main part; dashes count with gaps."""
    thick = 0.3 * main.size
    thin = [part for part in parts if (part.height if level else part.width) < thick]
    low, high = (main.left, main.right) if level else (main.top, main.bottom)
    if high - low < 0.4 * main.size:  # a bar: what stands round it is as long as it is high
        middle, half = (low + high) / 2, 0.2 * main.size
        low, high = round(middle - half), round(middle + half)
    line = np.zeros(high - low, bool)
    gap = round(0.1 * main.size)
    for part in thin:
        begin, end = (part.left, part.right) if level else (part.top, part.bottom)
        line[max(begin - gap - low, 0) : max(end + gap - low, 0)] = True
    return bool(line.mean() > 0.66)


def _round(main: Part, parts: list[Part]) -> bool:
    """Return whether parts together reach beyond the main part on more than one side by some way."""
    reach = (
        main.left - min(part.left for part in parts),
        max(part.right for part in parts) - main.right,
        main.top - min(part.top for part in parts),
        max(part.bottom for part in parts) - main.bottom,
    )
    return sum(each > 0.08 * main.size for each in reach) >= 2


def _is_line(part: Part, main: Part) -> bool:
    """Return whether a part is a level line above or below the main part, and no bar of a 5 or a 7."""
    if part.width < 5 * part.height or part.width < 0.7 * main.width:
        return False
    if part.top >= main.bottom - 0.1 * main.size:
        return True
    beyond = min(main.left - part.left, part.right - main.right)
    return part.bottom <= main.top and (beyond > 0.1 * main.size or main.top - part.bottom > 0.15 * main.size)


def _gap(part: Part, main: Part) -> float:
    """Return how many pixels of paper lie between two boxes."""
    across = max(part.left - main.right, main.left - part.right, 0)
    down = max(part.top - main.bottom, main.top - part.bottom, 0)
    return float(np.hypot(across, down))
