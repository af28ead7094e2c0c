"""The size formula in LaTeX: in general, with the numbers in it, its floor as a step, in the tutorials' letters."""

from __future__ import annotations

from fractions import Fraction

from core.windows.axis import adaptive_window
from core.windows.sizes import Size

GENERAL = {
    "conv": r"o = \left\lfloor \frac{i + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1",
    "pool": r"o = \left\lfloor \frac{i + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1",
    "ceil": r"o = \left\lceil \frac{i + 2p - d\,(k - 1) - 1}{s} \right\rceil + 1",
    "transposed": r"o = (i - 1)\,s - 2p + d\,(k - 1) + p_{\text{out}} + 1",
    "adaptive": r"\left\lfloor \frac{j\,i}{o} \right\rfloor \;\dots\;"
    r" \left\lceil \frac{(j + 1)\,i}{o} \right\rceil - 1, \quad 0 \le j < o",
}
SHORT = r"o = \left\lfloor \frac{n + 2p - f}{s} \right\rfloor + 1"


def general(size: Size) -> str:
    """Return the formula that holds for this layer."""
    return GENERAL["ceil" if size.ceil_mode else size.layer]


def numbers(size: Size) -> list[str]:
    """Return the formula with this layer's numbers, one LaTeX line a step, the rounding a step of its own."""
    if size.layer == "adaptive":
        return [_adaptive_line(size, o) for o in range(min(size.output, 4))]
    if size.layer == "transposed":
        parts = (
            rf"({size.input} - 1)\cdot {size.stride} - 2\cdot {size.before}"
            rf" + {size.dilation}\cdot({size.kernel_size} - 1) + {size.output_padding} + 1"
        )
        return [f"o = {parts}", f"= {size.output}"]
    left, right = (r"\lceil", r"\rceil") if size.ceil_mode else (r"\lfloor", r"\rfloor")
    pads = rf"2\cdot {size.before}" if size.before == size.after else f"{size.before} + {size.after}"
    top = rf"{size.input} + {pads} - {size.dilation}\cdot({size.kernel_size} - 1) - 1"
    lines = [rf"o = \left{left} \frac{{{top}}}{{{size.stride}}} \right{right} + 1"]
    exact = Fraction(size.travel, size.stride)
    rounded = rounding(size) - 1
    last = rf"= \left{left} \frac{{{size.travel}}}{{{size.stride}}} \right{right} + 1"
    if exact.denominator != 1:
        last += rf" = \left{left} {decimal(exact)} \right{right} + 1"
    lines.append(last + rf" = {rounded} + 1 = {rounded + 1}")
    if rounded + 1 != size.output:  # ceil_mode's last window would start beyond the input
        lines.append(rf"\to {size.output}")
    return lines


def _adaptive_line(size: Size, o: int) -> str:
    i, m = size.input, size.output
    window = adaptive_window(o, i, m)
    return (
        rf"j = {o}:\quad \left\lfloor \frac{{{o}\cdot {i}}}{{{m}}} \right\rfloor = {window.start}"
        rf"\;\dots\; \left\lceil \frac{{{o + 1}\cdot {i}}}{{{m}}} \right\rceil - 1 = {window.stop - 1}"
    )


def decimal(value: Fraction) -> str:
    """Return ``value`` as a decimal that is easy to read: 11.5, 7.333…"""
    text = f"{float(value):.3f}".rstrip("0")
    return text if Fraction(text) == value else f"{float(value):.3f}…"


def short(size: Size) -> str | None:
    """Return the short form with its numbers, n = i and f = the span; None where it does not hold."""
    if size.layer not in ("conv", "pool") or size.ceil_mode or size.before != size.after:
        return None
    filled = (
        rf"\left\lfloor \frac{{{size.input} + 2\cdot {size.before} - {size.span}}}{{{size.stride}}} \right\rfloor"
    )
    return rf"{SHORT} = {filled} + 1 = {size.output}"


def plain(size: Size) -> str:
    """Return the arithmetic on one line of text: ``⌊(28 + 2·0 − 1·(5 − 1) − 1) / 1⌋ + 1 = 24``.

    A last window that would begin beyond the input is dropped by ``ceil_mode``: ``… + 1 = 4 → 3``.
    """
    if size.layer == "adaptive":
        return f"{size.output}"
    k, d = size.kernel_size, size.dilation
    if size.layer == "transposed":
        return (
            f"({size.input} − 1)·{size.stride} − 2·{size.before} + {d}·({k} − 1) + {size.output_padding} + 1"
            f" = {size.output}"
        )
    left, right = "⌈⌉" if size.ceil_mode else "⌊⌋"
    pads = f"2·{size.before}" if size.before == size.after else f"{size.before} + {size.after}"
    rounded = rounding(size)
    result = f"{rounded}" if rounded == size.output else f"{rounded} → {size.output}"
    return f"{left}({size.input} + {pads} − {d}·({k} − 1) − 1) / {size.stride}{right} + 1 = {result}"


def rounding(size: Size) -> int:
    """Return what the formula of a convolution or pooling gives, before ``ceil_mode`` drops a window."""
    return (-(-size.travel // size.stride) if size.ceil_mode else size.travel // size.stride) + 1
