"""The digits a network learns from: MNIST, or scikit-learn's, framed as MNIST is."""

from __future__ import annotations

import contextlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import mnist_files, mnist_framing
from core.errors import N_, InvalidSetting

MEAN, STD = 0.1307, 0.3081  # of MNIST's training pixels, in [0, 1]
NAMES = ("mnist", "digits")


@dataclass(frozen=True)
class Dataset:
    """Images of digits with their labels, in two parts.

    Images are uint8 (N, 28, 28), 0 is paper and 255 is ink; labels are int64 (N,), 0 to 9.
    """

    name: str
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


def normalise(images: Tensor) -> Tensor:
    """Return what a network is given: (x / 255 - 0.1307) / 0.3081, uint8 (N, 28, 28) -> float32 (N, 1, 28, 28)."""
    return (images.unsqueeze(1).float() / 255 - MEAN) / STD


def available(root: Path | None = None) -> tuple[str, ...]:
    """Return the data sets that ``load`` can give now, the preferred one first."""
    return NAMES if mnist_files.are_here(root) else ("digits",)


def load(name: str, root: Path | None = None) -> Dataset:
    """Return data set ``name``, "mnist" or "digits"; ``root`` replaces the data folder.

    Raises ``InvalidSetting`` when MNIST's files are missing or damaged, or the name is unknown.
    """
    if name == "digits":
        return _digits()
    if name != "mnist":
        raise InvalidSetting(N_("there is no data set {name!r}; choose mnist or digits"), name=name)
    absent = mnist_files.missing(root)
    if absent:
        raise InvalidSetting(
            N_("MNIST is not in {folder}, missing {files}: the built-in digits work without it"),
            folder=str(mnist_files.raw_folder(root)),
            files=", ".join(absent),
        )
    paths = [path for file in mnist_files.FILES if (path := mnist_files.whole(file, root))]
    return _mnist(root, tuple(map(mnist_files.signature, paths)))


def preferred(root: Path | None = None) -> Dataset:
    """Return MNIST where it is there and whole, else the built-in digits: for a page that needs any digits."""
    if mnist_files.are_here(root) and not mnist_files.damaged(root):  # the page of the digits says which is
        with contextlib.suppress(InvalidSetting):
            return load("mnist", root)
    return load("digits")


@lru_cache(maxsize=1)
def _mnist(root: Path | None, signatures: tuple[mnist_files.Signature, ...]) -> Dataset:  # noqa: ARG001 (a cache key)
    with mnist_files.unpacked(root) as folder:
        contents = [(mnist_files.raw_folder(folder) / name).read_bytes() for name in mnist_files.FILES]
    train_images, train_labels, test_images, test_labels = map(_array, contents)
    return Dataset("mnist", train_images, train_labels.long(), test_images, test_labels.long())


def _array(idx: bytes) -> Tensor:
    """Return the uint8 numbers of an IDX file: two zeros, their type, how many axes, the size of each (big-endian).

    torchvision reads them too, after an import that takes as long as torch's.
    """
    axes = idx[3]
    sizes = np.frombuffer(idx, ">i4", axes, offset=4).tolist()
    return torch.from_numpy(np.frombuffer(idx, np.uint8, offset=4 + 4 * axes).reshape(sizes).copy())


@lru_cache(maxsize=1)
def _digits() -> Dataset:
    """Frame scikit-learn's 1797 digits of 8x8 pixels as MNIST frames its own.

    The last 360 are the test part: scikit-learn keeps the writers' order, so most of its writers are unseen.
    """
    raw = np.loadtxt(_digits_file(), delimiter=",")  # 64 pixels, 0 to 16, and the label
    images = torch.from_numpy(np.stack([frame_digit(image) for image in raw[:, :-1].reshape(-1, 8, 8) / 16.0]))
    labels = torch.from_numpy(raw[:, -1].astype(np.int64))
    return Dataset("digits", images[:-360], labels[:-360], images[-360:], labels[-360:])


def _digits_file() -> Path:
    """Return the file that ``sklearn.datasets.load_digits`` reads: to import that takes as long as torch."""
    package = importlib.util.find_spec("sklearn")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"


def frame_digit(small: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Frame one digit, (8, 8), 0 paper, 1 ink, as MNIST frames its own: (28, 28), 255 ink."""
    ink = small.astype(np.float32)
    top, left, bottom, right = mnist_framing.ink_box(ink, 0.1) or (0, 0, *ink.shape)
    boxed = mnist_framing.scale_into_box(ink[top:bottom, left:right])
    return np.rint(mnist_framing.place_by_mass(boxed) * 255).astype(np.uint8)
