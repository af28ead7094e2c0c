"""Weights as ``torch.save`` writes them: a zip of stored members with one pickle, opened without running code.

In this order: the zip (members stored, not deflated, with right checksums), then ``weights_only=True`` on the CPU.
Measured on hostile files: a deflated megabyte became a gigabyte, a tensor of stride 0 claimed 10^12 elements in
1.6 kB, and one flipped bit in four changes numbers silently unless the checksums are looked at.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import pickletools
import threading
import zipfile
from collections.abc import Iterator

import torch

from core.errors import N_, InvalidSetting, brief
from core.file_kind import NamedFile

MEMBERS = 2_000  # files in the archive
LARGEST_PICKLE = 500_000  # bytes of the part that names and shapes the tensors
PARTS = ("builtins.", "collections.", "torch.")  # what a pickle of plain tensors names
MOST_TUPLES = 20_000  # some five a tensor; Python's hash of tuples inside tuples, 100,000 deep, ends the process
MOST_OPCODES = 50_000  # of a pickle that are looked through


class NumpyValue:
    """Stands for a number or an array of NumPy in a file, such as the accuracy beside the weights.

    ``weights_only`` knows no NumPy. Its own functions stay outside: this takes their arguments and drops them.
    """

    def __init__(self, *arguments: object) -> None:
        pass

    def __setstate__(self, state: object) -> None:
        pass


NUMPY = [
    *(f"numpy.{core}.multiarray.{name}" for core in ("core", "_core") for name in ("scalar", "_reconstruct")),
    *(f"numpy.{core}.numeric._frombuffer" for core in ("core", "_core")),
    "numpy.dtype",
    "numpy.ndarray",
]
_one_at_a_time = threading.Lock()  # what torch may load is one list for the whole process


def read(file: NamedFile) -> object:
    """Return what ``torch.save`` put into ``file``. Raises ``InvalidSetting``."""
    pickled = check_zip(file)
    try:
        with _numpy_allowed() if b"numpy" in pickled else contextlib.nullcontext():
            return torch.load(io.BytesIO(file.content), weights_only=True, map_location="cpu")
    except Exception:  # hostile files raise almost anything
        raise _unreadable(file, pickled) from None


@contextlib.contextmanager
def _numpy_allowed() -> Iterator[None]:
    """Let NumPy's values be read as ``NumpyValue`` for a moment."""
    with _one_at_a_time, torch.serialization.safe_globals([(NumpyValue, name) for name in NUMPY]):
        yield


def check_zip(file: NamedFile) -> bytes:
    """Return the pickle in ``file``; ``InvalidSetting`` unless it unpacks to no more than its size, all CRCs
    right.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            members = archive.infolist()
            check_members(members, file)
            broken = archive.testzip()
            pickled = [archive.read(m) for m in members if m.filename.endswith("data.pkl")] if not broken else []
    except InvalidSetting:
        raise
    except Exception:  # zipfile raises many kinds on damaged archives
        raise InvalidSetting(N_("{file} is cut off or damaged: get it again"), file=file.name) from None
    if broken is not None:
        raise InvalidSetting(
            N_("{file} is damaged, the checksum of {member} is wrong: get it again"),
            file=file.name,
            member=brief(broken),
        )
    for pickle in pickled:
        check_tuples(pickle, file)
    return pickled[0] if pickled else b""


def check_tuples(pickled: bytes, file: NamedFile) -> None:
    """Raise ``InvalidSetting`` for a pickle with more tuples than can safely lie one inside the other."""
    tuples = 0
    with contextlib.suppress(Exception):  # a damaged pickle: torch says so
        for opcode, _argument, _place in pickletools.genops(pickled):
            tuples += opcode.name.startswith("TUPLE")
            if tuples > MOST_TUPLES:
                break
    if tuples > MOST_TUPLES:
        raise InvalidSetting(N_("{file} describes more tensors than any network here has"), file=file.name)


def check_members(members: list[zipfile.ZipInfo], file: NamedFile) -> None:
    """Raise ``InvalidSetting`` for an archive that unpacks to more than it is, or that torch does not write."""
    name = file.name
    if not any(member.filename.endswith("data.pkl") for member in members):
        raise InvalidSetting(
            N_("{file} is a ZIP, but not one that torch.save wrote: unpack it and choose the file of weights"),
            file=name,
        )
    if len(members) > MEMBERS or len({member.filename for member in members}) != len(members):
        raise InvalidSetting(N_("{file} holds too many parts, or two of one name"), file=name)
    if any(member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1 for member in members):
        raise InvalidSetting(
            N_("{file} is compressed or encrypted inside, torch.save does neither: save it again with torch.save"),
            file=name,
        )
    if sum(member.file_size for member in members) > len(file.content):
        raise InvalidSetting(N_("{file} claims to hold more than its own size"), file=name)
    if any(member.filename.endswith(".pkl") and member.file_size > LARGEST_PICKLE for member in members):
        raise InvalidSetting(N_("{file} describes more tensors than any network here has"), file=name)


def of_old_format(file: NamedFile) -> InvalidSetting:
    """Return what is said of a file that torch before 1.6 wrote: how to convert it, or that it is a whole model."""
    names = list(_names(file.content, pickles=4))
    if any(name.startswith("torch.nn.modules.") for name in names):
        return whole_model(file, names)
    source = brief(file.name)
    line = f"torch.save(torch.load({source!r}, map_location='cpu', weights_only=True), 'new.pth')"
    return InvalidSetting(
        N_("{file} is in the format of PyTorch before 1.6, which has no checksums. This line converts it: {line}"),
        file=file.name,
        line=line,
    )


def _unreadable(file: NamedFile, pickled: bytes) -> InvalidSetting:
    """Return why torch did not open the archive: a class or function that it names, or damage."""
    names = list(_names(pickled))
    if any(name.startswith("torch.nn.modules.") for name in names):
        return whole_model(file, names)
    unknown: set[str] = set()
    with contextlib.suppress(Exception):  # the pickle is none
        unknown = set(
            torch.serialization.get_unsafe_globals_in_checkpoint(io.BytesIO(file.content)) if names else ()
        )
    unknown -= set(NUMPY)
    first = next((name for name in names if name in unknown), min(unknown, default=""))
    if first:
        return InvalidSetting(
            N_(
                "{file} holds more than tensors: {name}, which could run code, so it was not opened. Save the"
                " weights alone: torch.save(network.state_dict(), 'model.pth')"
            ),
            file=file.name,
            name=brief(first),
        )
    return InvalidSetting(
        N_("{file} is damaged inside, or was not written by torch.save: get it again, or save it again"),
        file=file.name,
    )


def whole_model(file: NamedFile, names: list[str]) -> InvalidSetting:
    """Return what is said of a pickled module; its class is the first in the pickle that is no part of a tensor."""
    own = (name for name in names if name.startswith("torch.nn.modules.") or not name.startswith(PARTS))
    return InvalidSetting(
        N_(
            "{file} is a whole model (class {name}), which could run code, so it was not opened. Save its weights"
            " alone: torch.save(network.state_dict(), 'model.pth')"
        ),
        file=file.name,
        name=brief(next(own).removeprefix("__main__.")),
    )


def _names(pickled: bytes, pickles: int = 1) -> Iterator[str]:
    """Yield the classes and functions that a pickle (or several, one after the other) names, without running it."""
    stream = io.BytesIO(pickled)
    texts: list[str] = []
    with contextlib.suppress(Exception):  # hostile pickles raise almost anything
        for _ in range(pickles):
            for opcode, argument, _place in itertools.islice(pickletools.genops(stream), MOST_OPCODES):
                if opcode.name == "GLOBAL":
                    yield _modern(str(argument).replace(" ", ".", 1))
                elif opcode.name == "STACK_GLOBAL" and len(texts) >= 2:
                    yield _modern(f"{texts[-2]}.{texts[-1]}")
                elif isinstance(argument, str):
                    texts = [*texts[-1:], argument]


def _modern(name: str) -> str:
    """Return a name as Python 3 has it; protocol 2 writes those of Python 2."""
    return name.replace("__builtin__.", "builtins.", 1) if name.startswith("__builtin__.") else name
