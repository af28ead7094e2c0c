"""A file of weights from anywhere -> a plain, finite ``state_dict``, or a refusal; nothing in it is run."""

from __future__ import annotations

import zipfile
from pathlib import Path

import torch
from torch import Tensor

from core.errors import N_, Refusal

MOST_BYTES = 64_000_000  # the largest network that the app can build has 5 million numbers: 20 MB


def read(path: Path) -> dict[str, Tensor]:
    """Return the tensors in the ``torch.save`` file at ``path`` by name.

    The file is a zip whose members are stored, whole and small enough before torch sees it; torch then reads
    tensors only (``weights_only=True``). A training checkpoint's dictionary may hold the weights under "model"
    or "state_dict". Raises ``Refusal``.
    """
    _check_archive(path)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # damaged files raise anything
        raise _unreadable(path) from error
    for key in ("model", "state_dict"):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict) or not content or not all(map(_is_weights, content.values())):
        raise Refusal(N_("{file} does not hold a network's weights"), file=path.name)
    if not all(bool(torch.isfinite(value).all()) for value in content.values()):
        raise Refusal(N_("{file} holds weights that are not finite: that network has diverged"), file=path.name)
    return {str(name): value for name, value in content.items()}


def _check_archive(path: Path) -> None:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal(N_("the file has more than {megabytes} MB"), megabytes=MOST_BYTES // 1_000_000)
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
            if packed or sum(member.file_size for member in members) > MOST_BYTES or archive.testzip():
                raise _unreadable(path)
    except OSError as error:
        raise Refusal(N_("{file} cannot be read: {reason}"), file=path.name, reason=error.strerror or "") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        if isinstance(error, Refusal):
            raise
        raise _unreadable(path) from error


def _unreadable(path: Path) -> Refusal:
    return Refusal(N_("{file} is damaged, or was not written by torch.save"), file=path.name)


def _is_weights(value: object) -> bool:
    """Say whether ``value`` is a dense tensor of plain numbers that fills its own memory."""
    return (
        isinstance(value, Tensor)
        and value.layout == torch.strided
        and value.device.type == "cpu"
        and value.is_contiguous()
        and value.numel() * value.element_size() <= value.untyped_storage().nbytes()
        and (value.is_floating_point() or value.dtype == torch.int64)
    )
