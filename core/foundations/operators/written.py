"""An opened cell as LaTeX: the terms with their numbers, and the lines between them and the result."""

from __future__ import annotations

from core.explain.latex import number
from core.explain.records import Explanation, Term

MOST_TERMS = 12


def arithmetic(opened: Explanation) -> list[str]:
    """Return the LaTeX lines of ``opened``: its steps, or its terms joined as ``combine`` says."""
    if opened.steps:
        return list(opened.steps)
    terms = [_term(term) for term in opened.terms]
    if len(terms) > MOST_TERMS:
        terms = [*terms[: MOST_TERMS - 1], r"\dots", terms[-1]]
    if opened.combine == "max":
        return [rf"\max({',; '.join(terms)}) = {number(opened.result)}".replace(",;", r",\;")]
    lines = [" + ".join(terms[start : start + 3]) for start in range(0, len(terms), 3)] or ["0"]
    body = r" \\ &\quad + ".join(lines)
    return [rf"\begin{{aligned}} &{body} \\ &= {number(opened.result)} \end{{aligned}}"]


def _term(term: Term) -> str:
    return r" \cdot ".join(_factor(factor.value) for factor in term.factors)


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("-") else text
