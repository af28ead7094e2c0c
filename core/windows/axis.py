"""One dimension of a sliding window: which input position meets which kernel position for which output."""

from __future__ import annotations

from dataclasses import dataclass


def pair(value: int | list[int] | tuple[int, ...]) -> tuple[int, int]:
    """Return ``value`` for height and width: 3 -> (3, 3), (3,) -> (3, 3), (3, 5) -> (3, 5)."""
    if isinstance(value, int):
        return value, value
    return (value[0], value[0]) if len(value) == 1 else (value[0], value[1])


def same_padding(kernel_size: int, dilation: int) -> tuple[int, int]:
    """Return the cells that ``padding="same"`` adds before and after: d(k - 1) in all, the odd one after."""
    whole = dilation * (kernel_size - 1)
    return whole // 2, whole - whole // 2


def padding_pairs(
    padding: int | str | list[int] | tuple[int, ...], kernel_size: tuple[int, int], dilation: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the cells added (before, after) for height and width; ``padding`` as PyTorch takes it."""
    if padding == "same":
        return same_padding(kernel_size[0], dilation[0]), same_padding(kernel_size[1], dilation[1])
    height, width = (0, 0) if isinstance(padding, str) else pair(padding)
    return (height, height), (width, width)


@dataclass(frozen=True)
class Axis:
    """One dimension of a window: output o and kernel position k meet at input position o·s + k·d - p.

    ``size`` is the input's, ``output`` the output's number of cells, ``before`` the padding p in front.
    Positions are those of the input without its padding, so a cell of the padding is negative or >= ``size``.
    """

    size: int
    output: int
    kernel_size: int
    stride: int = 1
    dilation: int = 1
    before: int = 0

    def position(self, o: int, k: int) -> int:
        """Return the input position under kernel position ``k`` for output ``o``."""
        return o * self.stride + k * self.dilation - self.before

    def inside(self, position: int) -> bool:
        """Return whether ``position`` is a cell of the input and not of its padding."""
        return 0 <= position < self.size

    def window(self, o: int) -> list[tuple[int, int]]:
        """Return (kernel position, input position) for output ``o``, those in the padding too."""
        return [(k, self.position(o, k)) for k in range(self.kernel_size)]

    def uses(self, position: int) -> list[tuple[int, int]]:
        """Return (output, kernel position) wherever the input cell ``position`` is used, outputs ascending."""
        pairs = []
        for k in range(self.kernel_size):
            steps, rest = divmod(position + self.before - k * self.dilation, self.stride)
            if rest == 0 and 0 <= steps < self.output:
                pairs.append((steps, k))
        return sorted(pairs)

    def places(self, k: int) -> list[tuple[int, int]]:
        """Return (output, input position) wherever kernel position ``k`` meets a cell of the input."""
        met = [(o, self.position(o, k)) for o in range(self.output)]
        return [(o, position) for o, position in met if self.inside(position)]


def adaptive_window(o: int, size: int, output: int) -> range:
    """Return the input positions that adaptive pooling averages for output ``o``.

    From ⌊o·n/m⌋ up to, without, ⌈(o + 1)·n/m⌉ for n input and m output cells: windows may overlap and differ
    in size. Source: PyTorch, ``aten/src/ATen/native/AdaptivePooling.h``.
    """
    return range(o * size // output, -(-(o + 1) * size // output))
