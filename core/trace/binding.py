"""PyTorch's names for what a torch call was given: ``linear(x, w, b)`` -> input, weight, bias, and the defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from core.ops.explanation import Slot

# Methods that take a shape or dimensions as one sequence or as several arguments.
VARIADIC = {
    **dict.fromkeys(("view", "reshape", "expand", "tile", "new_zeros", "new_ones", "new_empty"), "shape"),
    "repeat": "repeats",
    "permute": "dims",
}
# torch's own stubs do not know all ways in which these can be called: their arguments in order.
POSITIONS = {
    **dict.fromkeys(("add", "sub", "subtract", "mul", "multiply"), ("input", "other")),
    **dict.fromkeys(("sum", "mean"), ("input", "dim", "keepdim")),
    "scaled_dot_product_attention": ("query", "key", "value", "attn_mask", "dropout_p", "is_causal"),
}
NOT_INPLACE = ("__invert__", "__index__", "__int__")
RENAMED = {"self": "input", "tensor": "input"}


def canonical(function: Callable[..., Any]) -> str:
    """Return an operation's plain name: ``relu_`` and ``Tensor.relu`` are "relu", ``__add__`` is "add".

    The getter of an attribute has the attribute's name: ``x.T`` is "T".
    """
    name: str = getattr(function, "__name__", type(function).__name__)
    if name in ("__get__", "__set__"):
        return str(getattr(getattr(function, "__self__", None), "__name__", name))
    if name.startswith("__") and name.endswith("__"):
        return name.strip("_")
    return name.rstrip("_")


def is_inplace(function: Callable[..., Any], options: dict[str, Any]) -> bool:
    """Return whether the call changes its first argument: ``add_``, ``x += 1``, ``x[0] = 1``, ``inplace=True``."""
    name: str = getattr(function, "__name__", "")
    if name.startswith("__"):
        return name == "__setitem__" or (name.startswith("__i") and name not in NOT_INPLACE)
    return name.endswith("_") or options.get("inplace") is True


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature | None:
    stub = torch.overrides.get_testing_overrides().get(function)
    try:
        return inspect.signature(stub or function)
    except (TypeError, ValueError):
        return None


def bind(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by PyTorch's names, defaults included; unknown positions are "arg1", ..."""
    name = canonical(function)
    if name in VARIADIC and args:
        rest = args[1] if len(args) == 2 and isinstance(args[1], tuple | list) else args[1:]
        return {"input": args[0], VARIADIC[name]: tuple(rest), **kwargs} if rest else {"input": args[0], **kwargs}
    signature = _signature(function)
    try:
        if signature is None:
            raise TypeError
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        named = dict(bound.arguments)
    except TypeError:
        names = POSITIONS.get(name, ("input",))
        named = {(names[i] if i < len(names) else f"arg{i}"): value for i, value in enumerate(args)} | kwargs
    return {RENAMED.get(key, key): value for key, value in named.items()}


def tensors_in(named: dict[str, Any]) -> dict[str, Tensor]:
    """Pick the tensors out of named arguments; those in a list become "tensors[0]", "tensors[1]", ..."""
    tensors: dict[str, Tensor] = {}
    for key, value in named.items():
        if isinstance(value, Tensor):
            tensors[key] = value
        elif isinstance(value, tuple | list | dict):
            members = value.items() if isinstance(value, dict) else enumerate(value)
            tensors |= {f"{key}[{place}]": item for place, item in members if isinstance(item, Tensor)}
    return tensors


def options_in(named: dict[str, Any]) -> dict[str, Any]:
    """Pick what is not a tensor: stride, dim, p, ...; of an index, also where its tensors stand."""
    index = named.get("idx")
    if isinstance(index, tuple) and any(isinstance(item, Tensor) for item in index):
        slots = (Slot(f"idx[{k}]") if isinstance(item, Tensor) else item for k, item in enumerate(index))
        named = named | {"idx": tuple(slots)}
    return {
        key: value
        for key, value in named.items()
        if not isinstance(value, Tensor)
        and not key.startswith("_")
        and not (isinstance(value, tuple | list) and any(isinstance(item, Tensor) for item in value))
    }
