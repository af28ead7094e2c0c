"""What a file is by its first bytes and, of a zip, by the names in it: so that an error can say what was given.

Nothing is unpacked and nothing is run. A file's name and suffix say nothing here: browsers, servers and people
change them.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from core.errors import N_, InvalidSetting, Phrase

LOOK = 4_000  # bytes of the beginning that are looked at


@dataclass(frozen=True)
class NamedFile:
    """A file from the user: the name that the reader knows it by (or words for it), and its bytes."""

    name: str | Phrase
    content: bytes


# What no place can use, whatever it wants: each with the way out.
EMPTY = N_("{file} is empty, it holds no bytes: get it again")
ZEROS = N_("{file} holds only zeros, as after a download or a copy that did not end: get it again")
WEB_PAGE = N_("{file} is a web page: download the file that the page offers (on GitHub: “Download raw file”)")
LFS_POINTER = N_("{file} is a Git LFS pointer, which only stands for the file: run “git lfs pull”, or download it")
COMPRESSED = N_("{file} is packed with {kind}: unpack it and choose the file inside")

PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
}
OLD_TORCH = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # the number that torch.save wrote first before 1.6
FORMATS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"%PDF": "PDF",
    b"%!PS": "PostScript",
    b"\x89HDF\r\n\x1a\n": "HDF5 (Keras, h5py)",
    b"\x93NUMPY": "NumPy",
    b"GGUF": "GGUF",
    b"SQLite format 3\x00": "SQLite",
    b"\x7fELF": "ELF",
    b"\x00\x00\x08\x01": "IDX (MNIST)",
    b"\x00\x00\x08\x03": "IDX (MNIST)",
    OLD_TORCH: "torch.save before PyTorch 1.6",
}
AT = {  # further marks that stand behind the beginning
    (4, b"ftypheic"): "HEIC",
    (4, b"ftypheix"): "HEIC",
    (4, b"ftypmif1"): "HEIC",
    (4, b"ftypavif"): "AVIF",
    (4, b"TFL3"): "TensorFlow Lite",
    (8, b"WEBP"): "WebP",
}
ONNX_VERSIONS = [bytes([version]) for version in range(1, 21)]
ONNX_FIELDS = [bytes([mark]) for mark in b"\x12\x1a\x22\x2a\x32\x3a\x42"]
TORCH_SAVE, OLD_TORCH_SAVE, TORCHSCRIPT = "torch.save", FORMATS[OLD_TORCH], "TorchScript"
SAFETENSORS, PICKLE, RUN, ZIP = "safetensors", "pickle", "Stepwise", "ZIP"


def unusable(file: NamedFile) -> InvalidSetting | None:
    """Return the error for what is not the file itself: nothing, zeros, a web page, a pointer, a packed file."""
    content = file.content
    if not content:
        return InvalidSetting(EMPTY, file=file.name)
    if not content[0] and not content.strip(b"\x00"):
        return InvalidSetting(ZEROS, file=file.name)
    if content.startswith(b"version https://git-lfs.github.com/"):
        return InvalidSetting(LFS_POINTER, file=file.name)
    if is_web_page(content):
        return InvalidSetting(WEB_PAGE, file=file.name)
    packed = next((kind for mark, kind in PACKED.items() if content.startswith(mark)), None)
    if packed is None and content[257:262] == b"ustar":
        packed = "tar"
    return InvalidSetting(COMPRESSED, file=file.name, kind=packed) if packed else None


def problem(file: NamedFile, expected: str, accepted: frozenset[str] = frozenset()) -> InvalidSetting | None:
    """Return what is said of a file that is not ``expected`` (a phrase in ``N_``); None if its kind is unknown.

    ``accepted`` are formats of which nothing is said: the place reads them itself. Its beginning is enough.
    """
    useless = unusable(file)
    kind = format_of(file.content) or (ZIP if file.content.startswith(b"PK\x03\x04") else "")
    if useless is not None or not kind or kind in accepted:
        return useless
    return InvalidSetting(
        N_("{file} is of the format {kind}, not {wanted}"), file=file.name, kind=kind, wanted=Phrase(expected)
    )


def is_web_page(content: bytes) -> bool:
    """Return whether ``content`` begins as HTML does."""
    start = text_start(content)
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return True
    return start.startswith((b"<!--", b"<?xml")) and b"<html" in start


def text_start(content: bytes) -> bytes:
    """Return the beginning in lower case, without a byte order mark and spaces before it."""
    return content[:LOOK].removeprefix(b"\xef\xbb\xbf").lstrip().lower()


def format_of(content: bytes) -> str:
    """Return the name of the format of ``content``; "" when it is not known."""
    if content.startswith(b"PK\x03\x04"):
        return _format_of_zip(content)
    for mark, name in FORMATS.items():
        if content.startswith(mark):
            return name
    for (place, mark), name in AT.items():
        if content[place : place + len(mark)] == mark:
            return name
    return _format_by_structure(content)


def _format_by_structure(content: bytes) -> str:
    start = text_start(content)
    if content[8:9] == b"{" and 2 <= int.from_bytes(content[:8], "little") <= 100_000_000:
        return SAFETENSORS  # the length of the header, then the header
    if content[:1] == b"\x80" and content[1:2] in b"\x02\x03\x04\x05" and len(content) > 2:
        return PICKLE
    if content[:1] == b"\x08" and content[1:2] in ONNX_VERSIONS and content[2:3] in ONNX_FIELDS:
        return "ONNX"  # protobuf: field 1 is the version, then the producer, the domain or the graph
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in start:
        return "SVG"
    if start.startswith(b"{") and b'"nbformat"' in content[-LOOK:] + content[:LOOK]:
        return "Jupyter notebook"
    return ""


def _format_of_zip(content: bytes) -> str:
    """Return the format by the names in a zip; "ZIP" for another one, "" for one that cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except Exception:  # zipfile raises many kinds on damaged archives
        return ""
    if any("/code/" in name for name in names) and any(name.endswith("constants.pkl") for name in names):
        return TORCHSCRIPT
    if any(name.rpartition("/")[2] in ("archive_format", "serialized_exported_program.json") for name in names):
        return "torch.export"
    if any(name.rpartition("/")[2] == "data.pkl" for name in names):
        return TORCH_SAVE
    if "run.json" in names and "config.json" in names:
        return RUN
    if "model.weights.h5" in names:
        return "Keras"
    if "[Content_Types].xml" in names:
        return "Office Open XML"
    if names and all(name.endswith(".npy") for name in names):
        return "NumPy"
    return ZIP
