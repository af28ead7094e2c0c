"""MNIST's four files: where they may lie, under which names, whether they are whole, and how to get them.

A file counts by its content alone: its SHA-256 once it is unpacked. Whether it is packed is told by its first two
bytes, because browsers unpack a ``.gz`` and keep its name.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from core import file_kind
from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile
from core.settings import data_folder


class PublishedFile(NamedTuple):
    """What is known of one of the four: the SHA-256 of its content, and its size in bytes as it is downloaded."""

    sha256: str
    packed: int


FILES = {
    "train-images-idx3-ubyte": PublishedFile(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 9_912_422
    ),
    "train-labels-idx1-ubyte": PublishedFile(
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28_881
    ),
    "t10k-images-idx3-ubyte": PublishedFile(
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 1_648_877
    ),
    "t10k-labels-idx1-ubyte": PublishedFile(
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4_542
    ),
}
LARGEST = 50_000_000  # bytes; the largest file has 47,040,016
GZIP = b"\x1f\x8b"
Signature = tuple[str, int, int]  # what changes when a file is replaced: path, size, time


def raw_folder(root: Path | None = None) -> Path:
    """Return where torchvision keeps the four: ``MNIST/raw`` in ``root``, by default the data folder."""
    return (root or data_folder()) / "MNIST" / "raw"


def places(name: str, root: Path | None = None) -> Iterator[Path]:
    """Yield the files that may be ``name``, those that are there, the likeliest first.

    7-Zip unpacks ``train-images.idx3-ubyte``; Kaggle's archive has a folder of the file's own name around it.
    """
    raw = raw_folder(root)
    spelled = (name, name.replace("-idx", ".idx"))
    for folder in (raw, raw.parent, raw.parent.parent):
        for each in spelled:
            for path in (each, f"{each}.gz", f"{each}/{each}", f"{each}/{each}.gz"):
                if (file := folder / path).is_file():
                    yield file


def _is_there(name: str, root: Path | None) -> bool:
    return next(places(name, root), None) is not None


def missing(root: Path | None = None) -> list[str]:
    """Return which of the four are not there under any name."""
    return [name for name in FILES if not _is_there(name, root)]


def damaged(root: Path | None = None) -> list[str]:
    """Return which of the four are there, but not whole in any place. The first look at a file reads all of it."""
    return [name for name in FILES if not is_whole(name, root) and _is_there(name, root)]


def are_here(root: Path | None = None) -> bool:
    """Return whether all four files are there; their contents are checked when they are read."""
    return not missing(root)


def signature(path: Path) -> Signature:
    """Return what changes when a file is replaced, so that what is remembered of it is not older than the file."""
    status = path.stat()
    return str(path), status.st_size, status.st_mtime_ns


def whole(name: str, root: Path | None = None) -> Path | None:
    """Return the first place where ``name`` is as published, under whatever name; None for none."""
    return next((path for path in places(name, root) if _is_whole(path, name)), None)


def is_whole(name: str, root: Path | None = None) -> bool:
    """Return whether ``name`` is there as published, under whatever name and in whichever place."""
    return whole(name, root) is not None


def _is_whole(path: Path, name: str) -> bool:
    try:
        answer = _whole.get(signature(path))
        return bool(content(path, name)) if answer is None else answer
    except (OSError, InvalidSetting):
        return False


_whole: dict[Signature, bool] = {}  # what was found when a file was read


class FileContent(NamedTuple):
    """One of the four as it was found: where, and its unpacked content."""

    path: Path
    packed: bool
    content: bytes


def read(name: str, root: Path | None = None) -> FileContent:
    """Return ``name`` from the first place that has it whole; ``InvalidSetting`` says what is wrong with the first
    one.
    """
    first: InvalidSetting | None = None
    for path in places(name, root):
        try:
            return content(path, name)
        except InvalidSetting as error:
            first = first or error
    raise first or InvalidSetting(N_("{file} is missing in {folder}"), file=name, folder=str(raw_folder(root)))


def content(path: Path, name: str) -> FileContent:
    """Return what the file at ``path`` holds; ``InvalidSetting`` when it is not what was published as ``name``."""
    try:
        signed = signature(path)
        with path.open("rb") as file:
            packed = file.read(len(GZIP)) == GZIP
        with gzip.open(path) if packed else path.open("rb") as file:
            unpacked: bytes = file.read(LARGEST)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path) from error
    _whole[signed] = hashlib.sha256(unpacked).hexdigest() == FILES[name].sha256
    if not _whole[signed]:
        raise _damaged(path)
    return FileContent(path, packed, unpacked)


def _damaged(path: Path) -> InvalidSetting:
    """Return what is said of a file that is not what was published: what it is, where that can be told."""
    try:
        with path.open("rb") as file:
            start = file.read(file_kind.LOOK)
    except OSError as error:
        return InvalidSetting(N_("{file} cannot be read: {reason}"), file=path.name, reason=error.strerror or "")
    problem = file_kind.unusable(NamedFile(path.name, start)) if not start.startswith(GZIP) else None
    return problem or InvalidSetting(
        N_(
            "{file} in {folder} is damaged: its checksum is not the published one. The page of the digits gets it"
            " again; the built-in digits work without it"
        ),
        file=path.name,
        folder=str(path.parent),
    )


@contextmanager
def unpacked(root: Path | None = None) -> Iterator[Path]:
    """Yield a root in which torchvision finds four checked, unpacked files under its own names.

    That is the data folder itself; where that cannot be written, a temporary one. Raises ``InvalidSetting``.
    """
    folder = raw_folder(root)
    files = {name: read(name, root) for name in FILES}
    absent = [name for name, each in files.items() if each.packed or each.path != folder / name]
    if not absent or (_writable(folder) and not any((folder / name).is_dir() for name in absent)):
        for name in absent:
            write_whole(folder / name, files[name].content)
        yield folder.parents[1]
        return
    with tempfile.TemporaryDirectory(prefix="stepwise-") as temporary:
        target = raw_folder(Path(temporary))
        target.mkdir(parents=True)
        for name, each in files.items():
            write_whole(target / name, each.content)
        yield Path(temporary)


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and bool(folder.stat().st_mode & stat.S_IWUSR)


def _unwritable(folder: Path, error: OSError) -> InvalidSetting:
    return InvalidSetting(N_("{folder} cannot be written: {reason}"), folder=str(folder), reason=error.strerror)


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` so that ``path`` either holds all of it or does not change."""
    try:
        handle, partial = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except OSError as error:
        Path(partial).unlink(missing_ok=True)
        raise _unwritable(path.parent, error) from error


Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes in all of those that are fetched


def download(progress: Progress | None = None, root: Path | None = None, timeout: float = 15.0) -> Path:
    """Fetch those of the four that are not there whole into torchvision's folder, and return that folder.

    They come from torchvision's mirrors. Nothing is written before its checksum agreed; a ``InvalidSetting`` says
    what was tried and what to do instead.
    """
    folder = raw_folder(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    names = [name for name in FILES if not is_whole(name, root)]
    bytes_before, total = 0, sum(FILES[name].packed for name in names)
    for name in names:

        def tell(count: int, file: str = f"{name}.gz", before: int = bytes_before) -> None:
            if progress:
                progress(file, before + count, total)

        write_whole(folder / f"{name}.gz", _fetch(name, folder, tell, timeout))
        bytes_before += FILES[name].packed
    return folder


def _fetch(name: str, folder: Path, tell: Callable[[int], None], timeout: float) -> bytes:
    """Return the packed file ``name`` from the first mirror that gives it whole."""
    from torchvision.datasets import MNIST  # 1 s

    tried = []
    for mirror in MNIST.mirrors:
        url = f"{mirror}{name}.gz"
        try:
            content = _read_url(url, tell, timeout)
            if hashlib.sha256(gzip.decompress(content)).hexdigest() == FILES[name].sha256:
                return content
            tried.append(f"{url}: checksum")
        except (OSError, EOFError, zlib.error) as error:  # URLError and time-outs are OSErrors
            tried.append(f"{url}: {error}")
    raise InvalidSetting(
        N_(
            "MNIST could not be downloaded. Tried: {tried}. Put the four files {files} into {folder} by hand, "
            "or choose the built-in digits, which need no network"
        ),
        tried="; ".join(tried),
        files=", ".join(f"{file}.gz" for file in FILES),
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
