"""A module as the server's command line would name it, made of an object or of a file's text."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from core.walk import inputs, own_module
from core.walk.inputs import InputSpec
from core.walk.own_module import BuiltModule, Own


def build_own(network: nn.Module, *specs: InputSpec, seed: int = 0) -> BuiltModule:
    """Return ``network`` as if it had come from a file."""
    below = inputs.whole_numbers_below(network)
    tensors = tuple(inputs.make(each, i, seed, below) for i, each in enumerate(specs))
    return BuiltModule(Own(Path("net.py"), "Net", specs), network, tensors, True, False, False, (), ())


def from_file(folder: Path, source: str, name: str, *inputs: str, seed: int = 0) -> BuiltModule:
    """Write ``source`` into ``folder`` and build ``name`` of it, with one ``--input`` for each of ``inputs``."""
    file = folder / "my_net.py"
    file.write_text(source, encoding="utf-8")
    arguments = ["--module", f"{file}:{name}", *(part for text in inputs for part in ("--input", text))]
    own = own_module.from_command_line(arguments)
    assert own is not None
    return own_module.build(own, seed)
