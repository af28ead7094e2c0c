"""Numbers and sums as LaTeX, for the lines between the terms and the result."""

from __future__ import annotations

import math
from collections.abc import Sequence

SHOWN = 6


def number(x: float) -> str:
    """Return ``x`` with six significant digits; 1.5e-07 becomes 1.5·10⁻⁷ as LaTeX, infinity its sign."""
    if not math.isfinite(x):
        return r"\mathtt{nan}" if math.isnan(x) else r"\infty" if x > 0 else r"-\infty"
    text = f"{x + 0.0:.6g}"  # + 0.0: no minus before a zero
    if "e" in text:
        mantissa, exponent = text.split("e")
        return rf"{mantissa}\cdot 10^{{{int(exponent)}}}"
    return text


def added(values: Sequence[float]) -> str:
    """Return ``values`` as a sum, its middle left out when it is long."""
    texts = [number(x) for x in values]
    if len(texts) > SHOWN:
        texts = [*texts[: SHOWN - 2], r"\dots", texts[-1]]
    return " + ".join(texts)
