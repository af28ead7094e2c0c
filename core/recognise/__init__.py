"""Drawings and pictures -> which digit, how probable each of the ten, and whether it is one digit at all.

``python -m core.recognise`` answers files; the app asks the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.mnist_framing import SIDE
from core.recognise import doubt
from core.recognise.readers import Reader, load, probabilities, shipped
from core.sketch import record
from core.sketch.drawing import Drawing

if TYPE_CHECKING:
    from core.sketch.picture_ink import PictureInk  # imports SciPy

__all__ = ["Answer", "Reader", "answer", "load", "of_drawings", "of_pictures", "shipped"]


@dataclass(frozen=True)
class Answer:
    """The most probable digit (None for an empty canvas), all ten probabilities, and why to doubt it, if at all.

    ``doubt`` is None or a reason in ``doubt.CONFIDENCE``; where there is doubt, the probabilities have been
    levelled towards a tenth each, unless the network itself is "unsure". ``removed`` names what was left out of a
    picture (``core.sketch.parts``).
    """

    digit: int | None
    probabilities: tuple[float, ...]
    doubt: str | None
    removed: tuple[str, ...] = ()


def answer(
    reader: Reader, images: NDArray[np.uint8], reasons: Sequence[str | None], of_pages: Sequence[bool] | None = None
) -> list[Answer]:
    """Answer framed images, uint8 (N, 28, 28), each with its reason to doubt.

    ``of_pages`` says which of them were found on a larger picture: an answer to these must be more probable.
    """
    rows = probabilities(reader, images)
    if of_pages is not None:
        reasons = doubt.unless_sure(rows, reasons, of_pages)
    believed = doubt.believe(rows, reasons)
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


def of_pictures(reader: Reader, pictures: Sequence[PictureInk]) -> list[Answer]:
    """Answer what is written on pictures."""
    reasons = [doubt.of_picture(each) for each in pictures]
    images = np.zeros((len(pictures), SIDE, SIDE), np.uint8)
    for image, each in zip(images, pictures, strict=True):
        image[:] = record.from_ink(each.ink).image
    answers = answer(reader, images, reasons, [not each.of_mnist for each in pictures])
    return [replace(each, removed=picture.removed) for each, picture in zip(answers, pictures, strict=True)]
