"""Leaves torch's compiler out of a process until something is compiled; the first optimizer would import it.

An optimizer tells the compiler which functions to leave alone, and for that imports ``torch._dynamo``, which takes
as long as torch itself and more than 100 MB. Source: ``_disable_dynamo`` in ``torch/_compile.py`` and
``_use_grad_for_differentiable`` in ``torch/optim/optimizer.py``.

What else Stepwise uses of torch that torch does not promise is in ``core/trace/torch_internals.py``; a worker,
which needs this alone, would import ``core.trace`` and what that imports of ``core.ops`` with it.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch

NAME = "torch._dynamo"
_LOCK = threading.RLock()  # the table of modules belongs to the process


class _StandIn(ModuleType):
    """Stands for ``torch._dynamo``; asked for more than an optimizer asks, it makes room for it."""

    def graph_break(self) -> None:
        """Do nothing: no graph is being made that could end here."""

    def disable(self, function: Callable[..., Any], *_how: Any, **_more: Any) -> Callable[..., Any]:
        """Return the function as it is: nobody compiles it."""
        return function

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # such as inspect asks of every module
            raise AttributeError(name)
        return getattr(_imported(), name)


def install() -> None:
    """Let the optimizers of this process do without the compiler, unless it is there already."""
    with _LOCK:
        if NAME not in sys.modules:
            sys.modules[NAME] = vars(torch)["_dynamo"] = _StandIn(NAME)


def is_imported() -> bool:
    """Return whether this process has imported the compiler."""
    return not isinstance(sys.modules.get(NAME), _StandIn | None)


def _imported() -> ModuleType:
    with _LOCK:
        if not is_imported():
            sys.modules.pop(NAME, None)
            vars(torch).pop("_dynamo", None)
        return importlib.import_module(NAME)
