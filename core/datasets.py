"""The digits a network learns from: MNIST through torchvision, or scikit-learn's, framed as MNIST is."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import framing
from core.errors import N_, Refusal
from core.settings import data_folder

MEAN, STD = 0.1307, 0.3081  # of MNIST's training pixels, in [0, 1]
NAMES = ("mnist", "digits")

# SHA-256 of each file's uncompressed content, so that it does not matter who compressed it.
CONTENT = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
LARGEST = 50_000_000  # bytes; the largest file has 47,040,016


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


def raw_folder(root: Path | None = None) -> Path:
    """Return where the four files belong: ``MNIST/raw`` in ``root``, which is the data folder when not given."""
    return (root or data_folder()) / "MNIST" / "raw"


def mnist_is_here(root: Path | None = None) -> bool:
    """Say whether all four files are there, compressed or not; their contents are checked when loaded."""
    folder = raw_folder(root)
    return all((folder / name).is_file() or (folder / f"{name}.gz").is_file() for name in CONTENT)


def available(root: Path | None = None) -> tuple[str, ...]:
    """Return the data sets that ``load`` can give now, the preferred one first."""
    return NAMES if mnist_is_here(root) else ("digits",)


def load(name: str, root: Path | None = None) -> Dataset:
    """Return data set ``name``, "mnist" or "digits"; ``root`` replaces the data folder.

    Raises ``Refusal`` when MNIST's files are missing or damaged, or the name is unknown.
    """
    if name == "digits":
        return _digits()
    if name != "mnist":
        raise Refusal(N_("there is no data set {name!r}; choose mnist or digits"), name=name)
    folder = raw_folder(root)
    if not mnist_is_here(root):
        raise Refusal(N_("MNIST is not in {folder}: the built-in digits work without it"), folder=str(folder))
    return _mnist(folder, tuple(_signature(_file(folder, name)) for name in CONTENT))


@lru_cache(maxsize=1)
def _mnist(folder: Path, signatures: tuple[tuple[str, int, int], ...]) -> Dataset:  # noqa: ARG001 (a cache key)
    import torchvision  # 1 s: only who needs MNIST waits for it

    with _extracted(folder) as root:
        train, test = (torchvision.datasets.MNIST(root, train=train) for train in (True, False))
    return Dataset("mnist", train.data, train.targets, test.data, test.targets)


def _signature(path: Path) -> tuple[str, int, int]:
    """Return what changes when a file is replaced, so that a cached data set is not older than its files."""
    status = path.stat()
    return path.name, status.st_size, status.st_mtime_ns


def _file(folder: Path, name: str) -> Path:
    plain = folder / name
    return plain if plain.is_file() else folder / f"{name}.gz"


@contextmanager
def _extracted(folder: Path) -> Iterator[Path]:
    """Yield a root in which torchvision finds four checked, uncompressed files.

    That is the data folder itself; where it is read-only and holds compressed files, a temporary one.
    """
    contents = {name: read_checked(_file(folder, name)) for name in CONTENT}
    compressed = [name for name in CONTENT if not (folder / name).is_file()]
    if not compressed:
        yield folder.parents[1]
        return
    if _writable(folder):
        for name in compressed:
            write_whole(folder / name, contents[name])
        yield folder.parents[1]
        return
    with tempfile.TemporaryDirectory(prefix="stepwise-") as temporary:
        target = raw_folder(Path(temporary))
        target.mkdir(parents=True)
        for name, content in contents.items():
            write_whole(target / name, content)
        yield Path(temporary)


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and bool(folder.stat().st_mode & stat.S_IWUSR)


def read_checked(path: Path) -> bytes:
    """Return the uncompressed content of one of the four files; ``Refusal`` when it is not what was published."""
    name = path.name.removesuffix(".gz")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(LARGEST)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path) from error
    if hashlib.sha256(content).hexdigest() != CONTENT[name]:
        raise _damaged(path)
    return content


def _damaged(path: Path) -> Refusal:
    return Refusal(
        N_("{file} is damaged: its checksum is not the published one. Delete it in {folder} and get it again"),
        file=path.name,
        folder=str(path.parent),
    )


def _unwritable(folder: Path, error: OSError) -> Refusal:
    return Refusal(N_("{folder} cannot be written: {reason}"), folder=str(folder), reason=error.strerror)


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` so that ``path`` either holds all of it or does not change."""
    handle, partial = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except OSError as error:
        Path(partial).unlink(missing_ok=True)
        raise _unwritable(path.parent, error) from error


@lru_cache(maxsize=1)
def _digits() -> Dataset:
    """Frame scikit-learn's 1797 digits of 8x8 pixels as MNIST frames its own.

    The last 360 are the test part: scikit-learn keeps the writers' order, so most of its writers are unseen.
    """
    from sklearn.datasets import load_digits  # its import takes a second

    raw = load_digits()
    images = torch.from_numpy(np.stack([_frame(image) for image in raw.images / 16.0]))
    labels = torch.from_numpy(raw.target.astype(np.int64))
    return Dataset("digits", images[:-360], labels[:-360], images[-360:], labels[-360:])


def _frame(small: NDArray[np.float64]) -> NDArray[np.uint8]:
    ink = small.astype(np.float32)
    top, left, bottom, right = framing.ink_box(ink, 0.1) or (0, 0, *ink.shape)
    boxed = framing.scale_into_box(ink[top:bottom, left:right])
    return np.rint(framing.place_by_mass(boxed) * 255).astype(np.uint8)


Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all of the four files
DOWNLOAD_BYTES = 11_594_722  # of the four compressed files together


def download(progress: Progress | None = None, root: Path | None = None, timeout: float = 15.0) -> Path:
    """Fetch MNIST's four files from torchvision's mirrors into the data folder and return their folder.

    A file that is there and whole is kept. Nothing is written before its checksum agreed; a ``Refusal`` says
    what was tried and what to do instead.
    """
    from torchvision.datasets import MNIST

    folder = raw_folder(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    done = 0
    for name, _md5 in MNIST.resources:
        target = folder / name
        if not _is_whole(target):
            write_whole(target, _fetch(name, MNIST.mirrors, folder, done, progress or (lambda *_: None), timeout))
        done += target.stat().st_size
    return folder


def _is_whole(path: Path) -> bool:
    try:
        return bool(read_checked(path))
    except Refusal:
        return False


def _fetch(name: str, mirrors: list[str], folder: Path, done: int, progress: Progress, timeout: float) -> bytes:
    """Return the compressed file ``name`` from the first mirror that gives it whole."""
    tried = []
    for mirror in mirrors:
        try:
            content = _read_url(mirror + name, lambda count: progress(name, done + count, DOWNLOAD_BYTES), timeout)
            if hashlib.sha256(gzip.decompress(content)).hexdigest() == CONTENT[name.removesuffix(".gz")]:
                return content
            tried.append(f"{mirror}{name}: checksum")
        except (OSError, EOFError, zlib.error) as error:  # URLError and time-outs are OSErrors
            tried.append(f"{mirror}{name}: {error}")
    raise Refusal(
        N_(
            "MNIST could not be downloaded. Tried: {tried}. Put the four files {files} into {folder} by hand, "
            "or choose the built-in digits, which need no network"
        ),
        tried="; ".join(tried),
        files=", ".join(f"{file}.gz" for file in CONTENT),
        folder=str(folder),
    )


def _read_url(url: str, progress: Callable[[int], None], timeout: float) -> bytes:
    import urllib.request

    chunks: list[bytes] = []
    size = 0
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        while chunk := answer.read(1 << 16):
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST:
                raise OSError("too large")
            progress(size)
    return b"".join(chunks)
