"""The arguments of a torch call by PyTorch's names."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from core.script.kinds import is_a
from core.trace.binding import RENAMED


@cache
def positional_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return PyTorch's names of a function's positional arguments, as far as they are known."""
    stub = torch.overrides.get_testing_overrides().get(function)
    try:
        parameters = inspect.signature(stub or function).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(
        RENAMED.get(one.name, one.name)
        for one in parameters
        if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    )


def arguments(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that were given, by PyTorch's names; defaults are left out."""
    names = positional_names(function)
    first = {
        (names[i] if i < len(names) else "input" if i == 0 else f"arg{i}"): value for i, value in enumerate(args)
    }
    return first | kwargs


def tensors(named: dict[str, Any]) -> list[tuple[str, Tensor]]:
    """Return the tensors among arguments, those in a list too."""
    pairs = []
    for name, value in named.items():
        if is_a(value, Tensor):
            pairs.append((name, value))
        elif is_a(value, tuple | list):
            pairs += [(f"{name}[{i}]", item) for i, item in enumerate(value[:20]) if is_a(item, Tensor)]
    return pairs
