"""``torch.compile`` that gives back what it is given: TorchDynamo would compile the recorder with the program.

It would do so again at every place where the recorder looks at a tensor, which takes minutes, and a compiled graph
has no single operations to record. The numbers are those of the program without ``torch.compile``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from core.errors import N_
from core.script.kinds import is_a
from core.sentence import Sentence

OFF = N_("torch.compile was switched off here: each operation runs by itself, so that it can be recorded.")


@dataclass
class CompileStub:
    """Whether the program asked for it."""

    used: bool = False

    def compile(self, model: Any = None, **_options: Any) -> Any:
        """Return ``model``; without one a decorator. A module has its ``_orig_mod``, as a compiled one has."""
        self.used = True
        if model is None:
            return self.compile
        if is_a(model, nn.Module):
            model.__dict__["_orig_mod"] = model  # not an attribute: that would make it its own child
        return model

    def notes(self) -> Iterator[Sentence]:
        """Say that nothing was compiled."""
        if self.used:
            yield Sentence(OFF)


def install() -> CompileStub:
    """Replace ``torch.compile`` in this process, which runs one program."""
    stub = CompileStub()
    replaced: Callable[..., Any] = stub.compile
    torch.compile = replaced
    return stub
