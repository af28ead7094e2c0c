"""How a number stands in a sentence: with a real minus sign, and never as a zero that it is not."""

from __future__ import annotations


def fixed(value: float, decimals: int) -> str:
    """Return ``value`` with so many decimals; as a power of ten where these would all be zeros."""
    text = f"{value + 0.0:.{decimals}f}"  # + 0.0: no minus before a zero
    if value and not float(text):
        text = f"{value:.1e}"
    return text.replace("-", "−")
