"""Imports while many threads run: the pages of several people, answers to drawings, what is prepared meanwhile."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import wraps
from types import ModuleType
from typing import Any

alone = threading.RLock()  # an import imports


def one_at_a_time() -> None:
    """Let one thread at a time import; the others wait. What is imported costs nothing.

    Python locks each module by itself. One thread that imports a package takes the lock of the package first, then
    those of the modules that its ``__init__`` imports; another that asks for one of these modules takes its lock
    first, then waits for the package. Python breaks that deadlock by handing out a module that is not ready, and a
    page ends with an ImportError. This holds for all modules: were one left out that imports torch, a thread that
    imports it would hold its lock and wait for ours, and the thread that has ours could wait for that module.
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
        if _is_ready(_whole(name, globals, level), fromlist or ()):
            return statement(name, globals, locals, fromlist, level)
        with alone:
            return statement(name, globals, locals, fromlist, level)

    @wraps(function)
    def import_module(name: str, package: str | None = None) -> ModuleType:
        if _is_ready(importlib.util.resolve_name(name, package) if package else name):
            return function(name, package)
        with alone:
            return function(name, package)

    builtins.__import__ = import_statement
    importlib.import_module = import_module


def _whole(name: str, globals: Mapping[str, object] | None, level: int) -> str:
    """Return the name of a module without leading dots; "" where it has none, which is for Python to say."""
    if not level:
        return name
    package = str((globals or {}).get("__package__") or "")
    parts = package.rsplit(".", level - 1)
    return f"{parts[0]}.{name}".strip(".") if len(parts) == level else ""


def _is_ready(name: str, names: Sequence[str] = ()) -> bool:
    """Return whether the import of ``names`` from ``name`` waits for nothing."""
    module = sys.modules.get(name)
    spec: Any = getattr(module, "__spec__", None)
    return (
        spec is not None
        and not getattr(spec, "_initializing", False)
        and all(each in vars(module) for each in names)
    )
