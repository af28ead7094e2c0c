"""The numbers of a page as it writes them, compared with the numbers that they stand for."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal

WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
NUMERAL = re.compile(r"-?\d+(?:\.(?P<decimals>\d*))?(?:e(?P<exponent>[+-]?\d+))?")


def stands_for(text: str, number: float) -> bool:
    """Whether ``text`` is ``number``, rounded to the digits that are written; no zero has a minus sign."""
    text = text.strip().replace("−", "-")
    if text in WORDS or not math.isfinite(number):
        return text in WORDS and (WORDS[text] == number or (text == "nan" and math.isnan(number)))
    matched = NUMERAL.fullmatch(text)
    if matched is None or (text.startswith("-") and not Decimal(text)):
        return False
    last_digit = Decimal(10) ** (int(matched["exponent"] or 0) - len(matched["decimals"] or ""))
    return abs(Decimal(text) - Decimal(number)) <= last_digit * Decimal("0.50001")


def wrong(texts: Sequence[str], numbers: Sequence[float]) -> list[tuple[str, float]]:
    """Return each text that does not stand for its number."""
    pairs = zip(texts, numbers, strict=True)
    return [(text, number) for text, number in pairs if not stands_for(text, number)]
