"""Weights in the format safetensors: a header of JSON with names, shapes and places, then the numbers.

The format holds no code and no checksum: the package checks that every byte belongs to one tensor, and a flipped
bit within a number cannot be seen.
"""

from __future__ import annotations

from core.errors import N_, InvalidSetting
from core.file_kind import NamedFile

LARGEST_HEADER = 1_000_000  # bytes


def read(file: NamedFile) -> object:
    """Return the tensors of a safetensors file by name. Raises ``InvalidSetting``."""
    import safetensors.torch

    if int.from_bytes(file.content[:8], "little") > LARGEST_HEADER:
        raise InvalidSetting(N_("{file} describes more tensors than any network here has"), file=file.name)
    try:
        return safetensors.torch.load(file.content)
    except Exception:  # its own kind of error for a bad header, others for types of numbers that torch lacks
        raise InvalidSetting(N_("{file} is cut off or damaged: get it again"), file=file.name) from None
