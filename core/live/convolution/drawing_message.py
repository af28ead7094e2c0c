"""The numbers of one drawing apart from its words: what the header of a message says, and the arrays behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypedDict, cast

from core.convolution.scene import Drawing, Facts


class DrawingHeader(Facts, TypedDict):
    """A ``Drawing`` without its grids of numbers; the flags say which of them follow as arrays.

    In this order: ``x`` and then ``w`` of each channel, ``y``, ``winners``, ``divisors``. An output of minus
    infinity is that in the array, and None in a ``Drawing``.
    """

    hasWeights: bool
    hasWinners: bool
    hasDivisors: bool


def split(drawing: Drawing) -> tuple[DrawingHeader, list[Sequence[float]]]:
    """Return the header's part and the arrays; ``static/js/convolution/scene.js`` joins them."""
    flags = {
        "hasWeights": drawing["w"] is not None,
        "hasWinners": drawing["winners"] is not None,
        "hasDivisors": drawing["divisors"] is not None,
    }
    facts = {name: value for name, value in drawing.items() if name in Facts.__annotations__}
    header = cast(DrawingHeader, facts | flags)
    outputs = [-math.inf if value is None else value for value in drawing["y"]]
    arrays = [*drawing["x"], *(drawing["w"] or ()), outputs, drawing["winners"] or (), drawing["divisors"] or ()]
    return header, arrays
