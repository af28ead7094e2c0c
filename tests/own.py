"""A module as the server's command line would name it, made of an object or of a file's text."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from core.walk import inputs, own_module
from core.walk.inputs import Given
from core.walk.own_module import Built, Own


def build_own(network: nn.Module, *specs: Given, seed: int = 0) -> Built:
    """Return ``network`` as if it had come from a file."""
    below = inputs.whole_numbers_below(network)
    tensors = tuple(inputs.make(each, i, seed, below) for i, each in enumerate(specs))
    return Built(Own(Path("net.py"), "Net", specs), network, tensors, True, False, False, (), ())


def from_file(folder: Path, source: str, name: str, *inputs: str, seed: int = 0) -> Built:
    """Write ``source`` into ``folder`` and build ``name`` of it, with one ``--input`` for each of ``inputs``."""
    file = folder / "my_net.py"
    file.write_text(source, encoding="utf-8")
    arguments = ["--module", f"{file}:{name}", *(part for text in inputs for part in ("--input", text))]
    own = own_module.from_command_line(arguments)
    assert own is not None
    return own_module.build(own, seed)
