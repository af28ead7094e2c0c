"""Your own module, named on the server's command line: ``-- --module my_net.py:Net --input 1,1,32,32``.

It is read from ``sys.argv`` only. A browser can never name one: importing a file runs it.
"""

from __future__ import annotations

import argparse
import ast
import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.rng import all_seeded, seed_all
from core.switches import Switches, keep_switches
from core.trace.torch_internals import compiled_module
from core.walk import import_file, inputs
from core.walk.failures import refused
from core.walk.inputs import InputSpec

CACHE = type(functools.cache(lambda: None))


@dataclass(frozen=True)
class Own:
    """A file, the name in it of a class, a function or a module, its arguments as text, and the module's inputs."""

    file: Path
    name: str
    inputs: tuple[InputSpec, ...]
    arguments: str = ""


@dataclass(frozen=True)
class BuiltModule:
    """A module made of ``own`` and its inputs.

    ``called`` says whether the name was called or was a module already, ``lazy`` that its lazy layers were given
    their sizes, ``compiled`` that ``torch.compile``'s wrapper was taken off; ``beside`` are the other files of its
    folder that it imported; ``notes`` are sentences to translate about what was done to it. ``switches`` are
    torch's as the file set them (``torch.set_default_dtype``): its step is taken with them, and nothing else.
    ``caches`` says that ``functools`` keeps what a method of its classes returned.
    """

    own: Own
    network: nn.Module
    inputs: tuple[Tensor, ...]
    called: bool
    lazy: bool
    compiled: bool
    beside: tuple[Path, ...]
    notes: tuple[str, ...]
    switches: Switches = field(default_factory=Switches)
    caches: bool = False


def from_command_line(arguments: Sequence[str]) -> Own | None:
    """Return what ``arguments`` (``sys.argv[1:]``) name; None when they name nothing. Raises ``InvalidSetting``.

    What stands before a ``--`` belongs to ``streamlit run`` itself.
    """
    if "--" in arguments:
        arguments = arguments[list(arguments).index("--") + 1 :]
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--module")
    parser.add_argument("--input", action="append")
    try:
        options, _ = parser.parse_known_args(list(arguments))
    except (argparse.ArgumentError, SystemExit) as error:
        raise InvalidSetting(
            N_("--module and --input each need a value, such as my_net.py:Net and 1,1,32,32")
        ) from error
    if options.module is None:
        return None
    file, name, made_with = _named(options.module)
    return Own(file, name, tuple(inputs.parse(text) for text in options.input or [""]), made_with)


def _named(text: str) -> tuple[Path, str, str]:
    """Split ``my_net.py:Net`` or ``my_net.py:Net(10, p=0.5)`` into file, name and arguments."""
    head, bracket, arguments = text.partition("(")
    file, colon, name = head.rpartition(":")
    if not colon or not file or not name.isidentifier() or (bracket and not arguments.endswith(")")):
        raise InvalidSetting(N_("--module must be file.py:Name or file.py:Name(10), not {given!r}"), given=text)
    return Path(file), name, arguments[:-1] if bracket else ""


def _arguments(text: str) -> tuple[list[Any], dict[str, Any]]:
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(call, ast.Call)
        named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
        return [ast.literal_eval(argument) for argument in call.args], named
    except (SyntaxError, ValueError) as error:
        raise InvalidSetting(
            N_("the arguments in --module must be numbers, texts, lists and the like, not {given!r}"), given=text
        ) from error


def build(own: Own, seed: int) -> BuiltModule:
    """Import the file and call the name in it, with seeded numbers, and make the inputs. Raises
    ``InvalidSetting``.
    """
    arguments, named = _arguments(own.arguments)
    with import_file.beside(own.file), keep_switches(), all_seeded(seed):
        with refused("import"):
            loaded, neighbours = import_file.load(own.file)
            entry = getattr(loaded, own.name, None)
        if entry is None:
            raise InvalidSetting(N_("there is no {name} in {file}"), name=own.name, file=own.file.name)
        called = not isinstance(entry, nn.Module) and callable(entry)
        with refused("build"):
            seed_all(seed)  # whatever the file drew while it was imported
            network = entry(*arguments, **named) if called else entry
            network, compiled = _plain(network, own)
            values = _inputs(own, network, seed)
            lazy = any(map(torch.nn.parameter.is_lazy, [*network.parameters(), *network.buffers()]))
        if lazy:
            with refused("forward"), torch.no_grad():
                network.eval()(*values)  # what torch asks for before an optimizer is made
        switches = Switches()
    caches = _caches(network)
    notes = _notes(lazy, compiled, caches)
    return BuiltModule(own, network, values, called, lazy, compiled, neighbours, notes, switches, caches)


def _inputs(own: Own, network: nn.Module, seed: int) -> tuple[Tensor, ...]:
    below = inputs.whole_numbers_below(network)
    return tuple(inputs.make(spec, place, seed, below) for place, spec in enumerate(own.inputs))


def _plain(network: object, own: Own) -> tuple[nn.Module, bool]:
    """Return the module whose Python code runs, and whether ``torch.compile`` had wrapped it.

    What TorchScript compiled cannot be watched and is refused.
    """
    if not isinstance(network, nn.Module):
        raise InvalidSetting(
            N_("{name} in {file} is {kind}, which is not an nn.Module"),
            name=own.name,
            file=own.file.name,
            kind=type(network).__name__,
        )
    inner = compiled_module(network)
    if inner is not None:
        return inner, True
    for path, module in network.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            raise InvalidSetting(
                N_(
                    "{name} is a ScriptModule: TorchScript runs outside of Python and cannot be watched."
                    " Give the module before torch.jit.script."
                ),
                name=path or own.name,
            )
    return network, False


def _caches(network: nn.Module) -> bool:
    """Return whether ``functools.cache`` or ``lru_cache`` is on a method of the network's own classes."""
    classes = {kind for module in network.modules() for kind in type(module).__mro__}
    methods = (
        member for kind in classes if not kind.__module__.startswith("torch.") for member in vars(kind).values()
    )
    return any(isinstance(method, CACHE) for method in methods)


def _notes(lazy: bool, compiled: bool, caches: bool) -> tuple[str, ...]:
    notes = {
        N_("Lazy layers got their sizes from one forward pass in eval mode, before the optimizer was made."): lazy,
        N_("torch.compile's wrapper was taken off: compiled code does not run in Python."): compiled,
        N_(
            "functools caches a method: for the same tensor it returns its first result again, whatever the weights"
            " are by then. So each pass here gets a copy of the input."
        ): caches,
    }
    return tuple(sentence for sentence, holds in notes.items() if holds)
