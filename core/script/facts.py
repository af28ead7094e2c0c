"""What is written down of a tensor and of a call: shape, dtype, grad_fn, a few numbers, argument names."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import Node

from core.script.kinds import is_a
from core.script.program_record import TensorFacts
from core.trace.binding import RENAMED

SIDE = 32  # of a grid
Grid = tuple[int, int, bytes]  # rows, columns, and the numbers as float32
MOST_NUMBERS = 1_000_000  # of a tensor whose numbers are summarised


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


def dtype(tensor: Tensor) -> str:
    """Return "float32", as PyTorch writes it after ``torch.``."""
    return str(tensor.dtype).removeprefix("torch.")


def facts(name: str, tensor: Tensor, with_values: bool, maker: tuple[int, int] | None = None) -> TensorFacts:
    """Describe a tensor; ``with_values`` adds its least, greatest and mean number and the first eight."""
    return TensorFacts(
        name,
        tuple(tensor.shape),
        dtype(tensor),
        str(tensor.device),
        tensor.requires_grad,
        grad_fn_name(tensor),
        values(tensor) if with_values else {},
        maker,
    )


def grad_fn(tensor: Tensor) -> Node | None:
    """Return the node that made a tensor; None for none, and where torch will not tell."""
    try:
        return tensor.grad_fn
    except RuntimeError:  # a view made under no_grad, changed in place since
        return None


def grad_fn_name(tensor: Tensor) -> str:
    """Return the name of the node that made a tensor; empty for none."""
    node = grad_fn(tensor)
    return "" if node is None else node.name()


def values(tensor: Tensor) -> dict[str, object]:
    """Return a few numbers of a dense tensor on the CPU; nothing for any other."""
    if not 0 < tensor.numel() <= MOST_NUMBERS or tensor.layout != torch.strided or tensor.device.type != "cpu":
        return {}
    flat = tensor.detach().reshape(-1)
    try:
        first = [_plain(item) for item in flat[:8].tolist()]
        grids: dict[str, object] = {} if flat.is_complex() else {"grid": grid(tensor.detach())}
    except RuntimeError:  # without numbers: inside of vmap, or a tensor that only has a shape
        return {}
    if flat.is_complex() or flat.dtype == torch.bool or flat.numel() == 1:
        return {"first": first, **grids}
    # torch has no least number of each rare type; of the others nothing need be copied.
    low, high = torch.aminmax(flat if flat.dtype in (torch.float32, torch.float64) else flat.double())
    return {
        "first": first,
        "min": _plain(float(low)),
        "max": _plain(float(high)),
        "mean": _plain(flat.mean(dtype=torch.float64).item()),
        **grids,
    }


def grid(tensor: Tensor) -> Grid:
    """Return the numbers of the first matrix of a tensor of real numbers, cut to ``SIDE`` rows and columns."""
    while tensor.dim() > 2:
        tensor = tensor[0]
    matrix = tensor.reshape(1, -1) if tensor.dim() < 2 else tensor
    cut = matrix[:SIDE, :SIDE].to(torch.float32).contiguous()
    return cut.shape[0], cut.shape[1], cut.numpy().tobytes()


def _plain(value: object) -> object:
    """Return a number that JSON has; others as text: "nan", "inf"."""
    if is_a(value, complex):
        return str(value)
    return str(value) if is_a(value, float) and not math.isfinite(value) else value


def is_finite(tensor: Tensor) -> bool:
    """Return whether every number is finite; true for what has no such numbers."""
    if not tensor.is_floating_point() or tensor.layout != torch.strided or tensor.device.type == "meta":
        return True
    return bool(torch.isfinite(tensor.detach()).all())
