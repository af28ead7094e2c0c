"""An opened cell as plain data for the browser: formula, terms, steps, and torch's number beside ours."""

from __future__ import annotations

import math
from typing import TypedDict

from core.ops.explanation import Explanation

Numeral = float | str  # JSON has no infinity and no nan: they are texts
Factor = tuple[str, Numeral, str | None, tuple[int, ...] | None]  # symbol, value, cell
Term = tuple[Numeral, str, list[Factor]]  # value, note


class ExplanationData(TypedDict):
    """The arithmetic of a cell."""

    formula: str
    combine: str
    steps: list[str]
    result: Numeral
    torch: Numeral
    difference: Numeral
    terms: list[Term]


def numeral(x: float) -> Numeral:
    """Return ``x`` as JSON can carry it: infinities and NaN become their names."""
    return x if math.isfinite(x) else str(x)


def plain(explanation: Explanation) -> ExplanationData:
    """Return ``explanation`` as data."""
    return {
        "formula": explanation.symbolic,
        "combine": explanation.combine,
        "steps": list(explanation.steps),
        "result": numeral(explanation.result),
        "torch": numeral(explanation.torch_value),
        "difference": numeral(explanation.difference),
        "terms": [
            (
                numeral(term.value),
                term.note,
                [(factor.symbol, numeral(factor.value), factor.tensor, factor.index) for factor in term.factors],
            )
            for term in explanation.terms
        ],
    }
