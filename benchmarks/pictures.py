"""Reads pictures with frames, ruling, desks, blots and photographs of no digit, and counts what comes out.

    python -m benchmarks.pictures
    python -m benchmarks.pictures --json --count 100 --only frame "sheet on a desk"

For each condition: read right, doubted, wrong and undoubted, of ``--count`` pictures made by code from MNIST's test
digits (scikit-learn's where MNIST is not there). Doubt counts as neither right nor wrong.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from benchmarks.picture_series import CONDITIONS, Make, series
from benchmarks.report import Row, show
from core import datasets, recognise
from core.errors import InvalidSetting
from core.recognise import Answer, Reader
from core.sketch import image_file

NAME = "pictures"
TARGET = "<= 2"  # percent wrong and undoubted


@dataclass(frozen=True)
class Counts:
    """How the pictures of one condition were answered."""

    right: int
    doubted: int
    wrong: int

    @property
    def count(self) -> int:
        """How many pictures there were."""
        return self.right + self.doubted + self.wrong


def digits() -> tuple[np.ndarray, list[int]]:
    """Return test digits that the network did not learn from, uint8 (N, 28, 28), and their labels."""
    try:
        data = datasets.load("mnist")
    except InvalidSetting:
        data = datasets.load("digits")
    return data.test_images.numpy(), data.test_labels.tolist()


def read(reader: Reader, picture: Image.Image) -> Answer:
    """Answer a picture as the command answers a file of it."""
    buffer = io.BytesIO()
    # BMP packs nothing, which takes a tenth of a PNG's time; a large page would be too large a file.
    kind = "BMP" if 3 * picture.width * picture.height < image_file.MOST_BYTES / 2 else "PNG"
    picture.save(buffer, kind, compress_level=1)
    return recognise.of_pictures(reader, [image_file.read(buffer.getvalue())])[0]


def measure(
    name: str, images: np.ndarray, labels: list[int], count: int, seed: int, make: Make | None = None
) -> Counts:
    """Read ``count`` pictures of one condition."""
    right = doubted = wrong = 0
    for picture, label in series(name, images, labels, count, seed, make):
        answer = read(recognise.shipped(), picture)
        if answer.doubt is not None:
            doubted += 1
        elif answer.digit == label:
            right += 1
        else:
            wrong += 1
    return Counts(right, doubted, wrong)


def rows(names: Iterable[str], count: int, seed: int) -> Iterator[Row]:
    """Yield three rows a condition, in percent."""
    images, labels = digits()
    for name in names:
        counted = measure(name, images, labels, count, seed)
        for what, value, target in (
            ("right", counted.right, ""),
            ("doubted", counted.doubted, ""),
            ("wrong and undoubted", counted.wrong, TARGET),
        ):
            yield Row(NAME, f"{name}: {what} of {count}", 100 * value / count, "%", target)


def main() -> int:
    """Print the table; exit status 1 when a condition has more wrong and undoubted answers than wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--count", type=int, default=300, help="pictures of each condition")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other pictures")
    parser.add_argument("--only", nargs="+", choices=sorted(CONDITIONS), help="these conditions alone")
    options = parser.parse_args()
    return show(rows(options.only or CONDITIONS, options.count, options.seed), options.json)


if __name__ == "__main__":
    sys.exit(main())
