"""Which cells of the input no window reaches, and why: the floor, gaps between windows, holes of the dilation."""

from __future__ import annotations

from dataclasses import dataclass

from core.windows.axis import Axis, adaptive_window
from core.windows.sizes import Size


@dataclass(frozen=True)
class UnreachedPositions:
    """One dimension: ``positions`` of the input that no window touches, in order.

    ``floor`` are those that the floor throws away, behind the last window; ``between`` lie between two windows,
    where the stride is longer than the window; ``holes`` lie inside windows, where the dilation jumps over them.
    ``padding`` counts the cells of padding behind the last window: thrown away too, but nothing is lost with them.
    """

    positions: tuple[int, ...]
    floor: tuple[int, ...]
    between: tuple[int, ...]
    holes: tuple[int, ...]
    padding: int


def unreached(size: Size) -> UnreachedPositions:
    """Return the positions that no window of ``size`` touches; none for a transposed convolution."""
    if size.layer == "transposed":
        return UnreachedPositions((), (), (), (), 0)
    touched = touched_positions(size)
    missed = tuple(position for position in range(size.input) if position not in touched)
    last = max(touched, default=-1)
    behind = tuple(position for position in missed if position > last)
    inside = [position for position in missed if position <= last]
    holes = tuple(position for position in inside if _covered(size, position))
    between = tuple(position for position in inside if position not in holes)
    padding = max(0, size.input + size.after - 1 - max(last, size.input - 1))
    return UnreachedPositions(missed, behind, between, holes, padding)


def _covered(size: Size, position: int) -> bool:
    """Return whether ``position`` lies between the first and the last cell of some window."""
    axis = _axis(size)
    starts = (axis.position(o, 0) for o in range(size.output))
    return any(start <= position < start + size.span for start in starts)


def touched_positions(size: Size) -> set[int]:
    """Return every position that some window touches; cells of the padding are negative or >= the input."""
    if size.layer == "adaptive":
        return {p for o in range(size.output) for p in adaptive_window(o, size.input, size.output)}
    axis = _axis(size)
    return {position for o in range(size.output) for _k, position in axis.window(o)}


def _axis(size: Size) -> Axis:
    return Axis(size.input, size.output, size.kernel_size, size.stride, size.dilation, size.before)


def ranges(positions: tuple[int, ...]) -> str:
    """Name positions as a reader would: (3, 4, 5, 9) -> "3–5, 9"."""
    groups: list[list[int]] = []
    for position in positions:
        if groups and position == groups[-1][-1] + 1:
            groups[-1].append(position)
        else:
            groups.append([position])
    return ", ".join(f"{g[0]}–{g[-1]}" if len(g) > 1 else str(g[0]) for g in groups)
