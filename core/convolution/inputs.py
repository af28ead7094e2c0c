"""What goes in: simple patterns, digits, typed cells and other pictures, brought to the size that was asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from core.errors import N_, InvalidSetting

MOST_TYPED = 32


def counting(height: int, width: int) -> Tensor:
    """0, 1, 2, ... row by row, from 0 again after 9."""
    return (torch.arange(float(height * width)) % 10).reshape(height, width)


def edge(height: int, width: int) -> Tensor:
    """Dark on the left, bright on the right: one vertical edge."""
    picture = torch.zeros(height, width)
    picture[:, width // 2 :] = 1
    return picture


def cross(height: int, width: int) -> Tensor:
    """A bright cross on a dark ground."""
    picture = torch.zeros(height, width)
    picture[height // 2, :] = 1
    picture[:, width // 2] = 1
    return picture


def checkers(height: int, width: int) -> Tensor:
    """A chessboard."""
    return ((torch.arange(height)[:, None] + torch.arange(width)[None, :]) % 2).float()


def diagonal(height: int, width: int) -> Tensor:
    """One bright diagonal."""
    return torch.eye(height, width)


def dot(height: int, width: int) -> Tensor:
    """One bright cell: a convolution stamps its kernel, turned by half a turn, around it."""
    picture = torch.zeros(height, width)
    picture[height // 2, width // 2] = 1
    return picture


def dice(height: int, width: int) -> Tensor:
    """Random whole numbers from 0 to 9, always the same."""
    generator = torch.Generator().manual_seed(7)
    return torch.randint(0, 10, (height, width), generator=generator).float()


PATTERNS: dict[str, Callable[[int, int], Tensor]] = {
    "dice": dice,
    "counting": counting,
    "edge": edge,
    "cross": cross,
    "diagonal": diagonal,
    "checkers": checkers,
    "dot": dot,
}


def pattern(name: str, channels: int, height: int, width: int) -> Tensor:
    """Return (channels, height, width): the pattern ``name``, and the next ones in the further channels."""
    order = list(PATTERNS)
    start = order.index(name)
    return torch.stack([PATTERNS[order[(start + c) % len(order)]](height, width) for c in range(channels)])


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """Bring (C, h, w) to the size asked for: cells averaged when it shrinks, interpolated when it grows."""
    if picture.shape[1:] == (height, width):
        return picture
    if height <= picture.shape[1] and width <= picture.shape[2]:
        return F.adaptive_avg_pool2d(picture, (height, width))
    return F.interpolate(picture[None], (height, width), mode="bilinear", align_corners=False)[0]


def repeated(picture: Tensor, channels: int) -> Tensor:
    """Give (c, H, W) the number of channels asked for; the further ones show the first shifted to the right."""
    have = [picture[c] for c in range(min(channels, picture.shape[0]))]
    return torch.stack(have + [picture[0].roll(c, dims=1) for c in range(len(have), channels)])


def typed(text: str) -> Tensor:
    """Read cells: a line or ``;`` ends a row, spaces or commas part the cells, an empty line begins a channel.

    Returns (channels, rows, columns). Raises ``InvalidSetting`` for what is no number and for rows of unequal
    length.
    """
    blocks = [block for block in re.split(r"\n\s*\n|\|", text.strip()) if block.strip()]
    if not blocks:
        raise InvalidSetting(N_("type some cells: rows of numbers, such as 0 1 0"))
    channels = [[_row(line) for line in re.split(r"[\n;]", block) if line.strip()] for block in blocks]
    lengths = {len(row) for channel in channels for row in channel}
    heights = {len(channel) for channel in channels}
    if len(lengths) > 1 or len(heights) > 1:
        raise InvalidSetting(
            N_("all rows need the same number of cells; here there are rows of {lengths}"),
            lengths=", ".join(map(str, sorted(lengths if len(lengths) > 1 else heights))),
        )
    if max(*lengths, *heights) > MOST_TYPED or len(channels) > 4:
        raise InvalidSetting(
            N_("{rows} by {columns} cells are too many: the limit is {most} by {most}"),
            rows=max(heights),
            columns=max(lengths),
            most=MOST_TYPED,
        )
    return torch.tensor(channels)


def _row(line: str) -> list[float]:
    cells = []
    for word in re.split(r"[\s,]+", line.strip().strip(",")):
        try:
            number = float(word)
        except ValueError:
            number = math.nan
        if not abs(number) <= 1e6:
            raise InvalidSetting(N_("{text} is not a number from −1000000 to 1000000"), text=repr(word[:20]))
        cells.append(number)
    return cells
