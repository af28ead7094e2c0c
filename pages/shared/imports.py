"""Imports while many threads run: the pages of several people, answers to drawings, what is prepared meanwhile."""

from __future__ import annotations

import builtins
import importlib
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import wraps
from types import ModuleType
from typing import Any

PACKAGES = frozenset({"core", "pages", "torch"})
_alone = threading.RLock()  # an import imports


def one_at_a_time() -> None:
    """Let one thread at a time import modules of ``PACKAGES``; the others wait. What is imported costs nothing.

    Python locks each module by itself. One thread that imports a package takes the lock of the package first, then
    those of the modules that its ``__init__`` imports; another that asks for one of these modules takes its lock
    first, then waits for the package. Python breaks that deadlock by handing out a module that is not ready, and a
    page ends with an ImportError.
    """
    if hasattr(builtins.__import__, "__wrapped__"):
        return
    statement, function = builtins.__import__, importlib.import_module

    @wraps(statement)
    def import_statement(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if level or _is_ready(name, fromlist or ()):
            return statement(name, globals, locals, fromlist, level)
        with _alone:
            return statement(name, globals, locals, fromlist, level)

    @wraps(function)
    def import_module(name: str, package: str | None = None) -> ModuleType:
        if name.startswith(".") or _is_ready(name):
            return function(name, package)
        with _alone:
            return function(name, package)

    builtins.__import__ = import_statement
    importlib.import_module = import_module


def _is_ready(name: str, names: Sequence[str] = ()) -> bool:
    """Return whether the import of ``names`` from ``name`` waits for nothing, or is none of ``PACKAGES``."""
    if name.partition(".")[0] not in PACKAGES:
        return True
    module = sys.modules.get(name)
    spec: Any = getattr(module, "__spec__", None)
    return (
        spec is not None
        and not getattr(spec, "_initializing", False)
        and all(hasattr(module, each) for each in names)
    )
