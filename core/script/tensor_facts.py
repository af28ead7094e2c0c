"""What is written down of a tensor: shape, dtype, grad_fn, a few numbers, the first matrix."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.autograd.graph import Node

from core.script.program_record import Grid, NumberSummary, Scalar, TensorFacts

SIDE = 32  # of a grid
MOST_NUMBERS = 1_000_000  # of a tensor whose numbers are summarised


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


def values(tensor: Tensor) -> NumberSummary:
    """Return a few numbers of a dense tensor on the CPU; nothing for any other."""
    if not 0 < tensor.numel() <= MOST_NUMBERS or tensor.layout != torch.strided or tensor.device.type != "cpu":
        return {}
    flat = tensor.detach().reshape(-1)
    try:
        first = [scalar(item) for item in flat[:8].tolist()]
        grids: NumberSummary = {} if flat.is_complex() else {"grid": grid(tensor.detach())}
    except RuntimeError:  # without numbers: inside of vmap, or a tensor that only has a shape
        return {}
    if flat.is_complex() or flat.dtype == torch.bool or flat.numel() == 1:
        return {"first": first, **grids}
    # torch has no least number of each rare type; of the others nothing need be copied.
    low, high = torch.aminmax(flat if flat.dtype in (torch.float32, torch.float64) else flat.double())
    return {
        "first": first,
        "min": scalar(float(low)),
        "max": scalar(float(high)),
        "mean": scalar(float(flat.mean(dtype=torch.float64))),
        **grids,
    }


def grid(tensor: Tensor) -> Grid:
    """Return the numbers of the first matrix of a tensor of real numbers, cut to ``SIDE`` rows and columns."""
    while tensor.dim() > 2:
        tensor = tensor[0]
    matrix = tensor.reshape(1, -1) if tensor.dim() < 2 else tensor
    cut = matrix[:SIDE, :SIDE].to(torch.float32).contiguous()
    return cut.shape[0], cut.shape[1], cut.numpy().tobytes()


def scalar(value: complex) -> Scalar:
    """Return a number that JSON has; others as text: "nan", "inf"."""
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    return str(value)


def is_finite(tensor: Tensor) -> bool:
    """Return whether every number is finite; true for what has no such numbers."""
    if not tensor.is_floating_point() or tensor.layout != torch.strided or tensor.device.type == "meta":
        return True
    return bool(torch.isfinite(tensor.detach()).all())
