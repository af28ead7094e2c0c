"""A module of one's own, named on the server's command line: ``-- --module my_net.py:Net --input 1,1,32,32``.

It is read from ``sys.argv`` only. A browser can never name one: importing a file runs it.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from core import file_kind
from core.chance import seeded
from core.errors import N_, Refusal
from core.file_kind import NamedFile


@dataclass(frozen=True)
class Own:
    """A file, the name of a class or function in it that returns a module, and the shape of the module's input."""

    file: Path
    name: str
    shape: tuple[int, ...]


def from_command_line(arguments: Sequence[str]) -> Own | None:
    """Return what ``arguments`` (``sys.argv[1:]``) name; None when they name nothing. Raises ``Refusal``.

    What stands before a ``--`` belongs to ``streamlit run`` itself.
    """
    if "--" in arguments:
        arguments = arguments[list(arguments).index("--") + 1 :]
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--module")
    parser.add_argument("--input")
    try:
        given, _ = parser.parse_known_args(list(arguments))
    except (argparse.ArgumentError, SystemExit) as error:
        raise Refusal(N_("--module and --input each need a value, such as my_net.py:Net and 1,1,32,32")) from error
    if given.module is None:
        return None
    file, colon, name = given.module.rpartition(":")
    if not colon or not file or not name.isidentifier():
        raise Refusal(N_("--module must be file.py:Name, not {given!r}"), given=given.module)
    return Own(Path(file), name, _shape(given.input))


def _shape(text: str | None) -> tuple[int, ...]:
    try:
        shape = tuple(int(part) for part in (text or "").split(","))
    except ValueError:
        shape = ()
    if not shape or min(shape) < 1:
        raise Refusal(N_("--input must be a shape such as 1,1,32,32, not {given!r}"), given=text or "")
    return shape


def build(own: Own, seed: int) -> nn.Module:
    """Import the file and call the name in it with seeded initial weights. Raises ``Refusal``."""
    if not own.file.is_file():
        raise Refusal(N_("there is no file {file}"), file=str(own.file))
    with own.file.open("rb") as opened:
        told = file_kind.refusal(NamedFile(own.file.name, opened.read(file_kind.LOOK)), N_("a Python file"))
    if told is not None:
        raise told
    spec = importlib.util.spec_from_file_location(f"own_{own.file.stem}", own.file)
    if spec is None or spec.loader is None:
        raise Refusal(N_("{file} is not a Python file"), file=str(own.file))
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    try:
        spec.loader.exec_module(loaded)
        make = getattr(loaded, own.name, None)
        with seeded(seed):
            network = make() if callable(make) else make
    except Exception as error:  # a person's own code may raise anything
        raise Refusal(
            N_("{file} raised {kind}: {error}"), file=str(own.file), kind=type(error).__name__, error=str(error)
        ) from error
    if not isinstance(network, nn.Module):
        raise Refusal(N_("{name} in {file} is not an nn.Module"), name=own.name, file=str(own.file))
    return network
