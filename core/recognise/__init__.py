"""Drawings and pictures -> which digit, how probable each of the ten, and whether it is one digit at all.

``python -m core.recognise`` answers files; the app asks the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.framing import SIDE, Ink
from core.recognise import doubt
from core.recognise.readers import Reader, load, probabilities, shipped
from core.sketch import record
from core.sketch.drawing import Drawing

__all__ = ["Answer", "Reader", "answer", "load", "of_drawings", "of_inks", "shipped"]


@dataclass(frozen=True)
class Answer:
    """The most probable digit (None for an empty canvas), all ten probabilities, and why to doubt it, if at all.

    ``doubt`` is None, "empty", "several", "scribble" or "spot"; where there is doubt, the probabilities have been
    levelled towards a tenth each.
    """

    digit: int | None
    probabilities: tuple[float, ...]
    doubt: str | None


def answer(reader: Reader, images: NDArray[np.uint8], reasons: Sequence[str | None]) -> list[Answer]:
    """Answer framed images, uint8 (N, 28, 28), each with its reason to doubt."""
    believed = doubt.believe(probabilities(reader, images), reasons)
    return [
        Answer(None if reason == doubt.EMPTY else int(row.argmax()), tuple(row.tolist()), reason)
        for row, reason in zip(believed, reasons, strict=True)
    ]


def of_drawings(reader: Reader, drawings: Sequence[Drawing]) -> list[Answer]:
    """Answer drawings; thousands of them take seconds."""
    reasons = [doubt.of_drawing(drawing) for drawing in drawings]
    images = np.zeros((len(drawings), SIDE, SIDE), np.uint8)
    inked = [index for index, drawing in enumerate(drawings) if not drawing.empty]
    images[inked] = record.images([drawings[index] for index in inked])
    return answer(reader, images, reasons)


def of_inks(reader: Reader, inks: Sequence[Ink]) -> list[Answer]:
    """Answer the ink of pictures, each float32 (height, width), 0 paper, 1 ink."""
    reasons = [doubt.of_ink(ink) for ink in inks]
    images = np.stack([record.from_ink(ink).image for ink in inks]) if inks else np.zeros((0, SIDE, SIDE), np.uint8)
    return answer(reader, images, reasons)
