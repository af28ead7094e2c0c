"""The numbers of one drawing apart from its words: what the header of a message says, and the arrays behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypedDict

from core.convolution.scene import Drawing


class Frame(TypedDict):
    """A ``Drawing`` without its lists of numbers; the flags say which of them follow as arrays.

    In this order: ``x`` and then ``w`` of each channel, ``y``, ``winners``, ``divisors``. An output of minus
    infinity is that in the array, and None in a ``Drawing``.
    """

    kind: str
    size: list[int]
    out: list[int]
    kernel: list[int]
    stride: list[int]
    dilation: list[int]
    before: list[int]
    after: list[int]
    channels: list[int]
    b: float | None
    unreached: list[list[int]]
    bounds: list[float]
    hasWeights: bool
    hasWinners: bool
    hasDivisors: bool


def split(drawn: Drawing) -> tuple[Frame, list[Sequence[float]]]:
    """Return the header's part and the arrays; ``static/js/convolution/scene.js`` joins them."""
    frame: Frame = {
        "kind": drawn["kind"],
        "size": drawn["size"],
        "out": drawn["out"],
        "kernel": drawn["kernel"],
        "stride": drawn["stride"],
        "dilation": drawn["dilation"],
        "before": drawn["before"],
        "after": drawn["after"],
        "channels": drawn["channels"],
        "b": drawn["b"],
        "unreached": drawn["unreached"],
        "bounds": drawn["bounds"],
        "hasWeights": drawn["w"] is not None,
        "hasWinners": drawn["winners"] is not None,
        "hasDivisors": drawn["divisors"] is not None,
    }
    outputs = [-math.inf if value is None else value for value in drawn["y"]]
    arrays = [*drawn["x"], *(drawn["w"] or ()), outputs, drawn["winners"] or (), drawn["divisors"] or ()]
    return frame, arrays
