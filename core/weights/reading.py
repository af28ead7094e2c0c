"""A file of weights -> what it holds: told apart by its content, with a sentence for each kind that is not read."""

from __future__ import annotations

from core import file_kind
from core.errors import N_, InvalidSetting, brief
from core.file_kind import NamedFile
from core.weights.safetensors_file import read as read_safetensors
from core.weights.torch_file import of_old_format
from core.weights.torch_file import read as read_torch

LARGEST = 64_000_000  # bytes


def read(file: NamedFile) -> object:
    """Return what ``torch.save`` or safetensors put into ``file``: tensors and plain containers, never code.

    Raises ``InvalidSetting`` that says what the file is and what to do.
    """
    if len(file.content) > LARGEST:
        raise InvalidSetting(N_("{file} is larger than {most} MB"), file=file.name, most=LARGEST // 1_000_000)
    useless = file_kind.unusable(file)
    if useless is not None:
        raise useless
    kind = file_kind.format_of(file.content)
    if kind == file_kind.SAFETENSORS:
        return read_safetensors(file)
    if kind in (file_kind.TORCH_SAVE, file_kind.ZIP):
        return read_torch(file)
    raise _error(file, kind)


def _error(file: NamedFile, kind: str) -> InvalidSetting:
    """Return what is said of a file that is of another kind than those that are read."""
    if kind == file_kind.OLD_TORCH_SAVE:
        return of_old_format(file)
    if kind == file_kind.TORCHSCRIPT:
        line = f"torch.save(torch.jit.load({brief(file.name)!r}, map_location='cpu').state_dict(), 'new.pth')"
        return InvalidSetting(
            N_("{file} is a TorchScript program, not weights alone. This line saves its weights: {line}"),
            file=file.name,
            line=line,
        )
    if kind == file_kind.RUN:
        return InvalidSetting(
            N_("{file} is a run that was exported here: import it on the page Runs"), file=file.name
        )
    if kind == file_kind.PICKLE:
        return InvalidSetting(
            N_("{file} was written by pickle. Save with torch.save(network.state_dict(), 'model.pth') instead"),
            file=file.name,
        )
    if kind:
        return InvalidSetting(
            N_(
                "{file} is of the format {kind}, not weights of PyTorch. Read are the files of"
                " torch.save(network.state_dict(), 'model.pth') and safetensors"
            ),
            file=file.name,
            kind=kind,
        )
    if file.content.startswith(b"PK\x03\x04"):
        return InvalidSetting(N_("{file} is cut off or damaged: get it again"), file=file.name)
    return InvalidSetting(
        N_(
            "{file} is not a file of weights. Read are the files of"
            " torch.save(network.state_dict(), 'model.pth') and safetensors"
        ),
        file=file.name,
    )
