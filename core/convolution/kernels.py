"""Kernels with a purpose, of any size: identity, blur, sharpen, edges, emboss, and random ones."""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting

Kernel = Callable[[int, int], Tensor]


def identity(height: int, width: int) -> Tensor:
    """1 at the anchor, 0 elsewhere: the output is the input. An even kernel has no middle, so it shifts."""
    kernel = torch.zeros(height, width)
    kernel[(height - 1) // 2, (width - 1) // 2] = 1
    return kernel


def blur(height: int, width: int) -> Tensor:
    """The mean of the window: every weight is 1 / (height·width)."""
    return torch.full((height, width), 1 / (height * width))


def sharpen(height: int, width: int) -> Tensor:
    """The cell against its neighbours: -1 along the cross, and in the middle so much that all add up to 1."""
    kernel = torch.zeros(height, width)
    row, column = (height - 1) // 2, (width - 1) // 2
    kernel[row, :] = -1
    kernel[:, column] = -1
    kernel[row, column] = height + width - 1
    return kernel


def _smooth(length: int) -> Tensor:
    """Binomial weights: 1 2 1 for 3, 1 4 6 4 1 for 5."""
    return torch.tensor([float(comb(length - 1, k)) for k in range(length)])


def _difference(length: int) -> Tensor:
    """The difference of a smoothed line: -1 1 for 2, -1 0 1 for 3, -1 -2 0 2 1 for 5."""
    if length < 2:
        raise InvalidSetting(N_("an edge is a difference, and needs a kernel of at least {least} cells"), least=2)
    shorter = [comb(length - 2, k) for k in range(length - 1)]
    return torch.tensor([float(a - b) for a, b in zip([0, *shorter], [*shorter, 0], strict=True)])


def sobel_x(height: int, width: int) -> Tensor:
    """Change from left to right, smoothed downwards: answers to vertical edges (Sobel)."""
    return torch.outer(_smooth(height), _difference(width))


def sobel_y(height: int, width: int) -> Tensor:
    """Change from top to bottom, smoothed sideways: answers to horizontal edges (Sobel)."""
    return torch.outer(_difference(height), _smooth(width))


def emboss(height: int, width: int) -> Tensor:
    """Light from the upper left: -2 -1 0 / -1 1 1 / 0 1 2 for 3x3."""
    rows, columns = torch.arange(float(height)), torch.arange(float(width))
    middle = (height - 1) // 2, (width - 1) // 2
    kernel = (rows - middle[0])[:, None] + (columns - middle[1])[None, :]
    kernel[middle] = 1
    return kernel


NAMED: dict[str, Kernel] = {
    "sobel_x": sobel_x,
    "sobel_y": sobel_y,
    "identity": identity,
    "blur": blur,
    "sharpen": sharpen,
    "emboss": emboss,
}


def weights(name: str, shape: tuple[int, int, int, int], seed: int = 0) -> Tensor:
    """Fill a weight of ``shape`` with the kernel ``name``, or with random numbers for "random".

    Filter o has the kernel ``name`` for its first channel and the next ones of ``NAMED`` for the others, and
    filter o + 1 begins with the next: so the kernels of a filter differ, and so do the filters.
    """
    if name == "random":
        generator = torch.Generator().manual_seed(seed)
        return (torch.randn(shape, generator=generator) * 10).round() / 10
    order = list(NAMED)
    start = order.index(name)
    filters, channels, height, width = shape
    return torch.stack(
        [
            torch.stack([NAMED[order[(start + o + c) % len(order)]](height, width) for c in range(channels)])
            for o in range(filters)
        ]
    )
