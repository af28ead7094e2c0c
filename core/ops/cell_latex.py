"""An opened cell as LaTeX: the terms with their numbers, and the lines between them and the result."""

from __future__ import annotations

import re

from core.ops.explanation import Explanation, Term
from core.ops.latex import number

MOST_TERMS = 12
WIDTH = 29  # signs in a line: what a phone shows without scrolling


def arithmetic(explanation: Explanation) -> list[str]:
    """Return the LaTeX lines of ``explanation``: its steps, and its terms joined as ``combine`` says."""
    steps = [_broken(step) for step in explanation.steps]
    if explanation.combine == "steps":
        return steps
    terms = [_term(term) for term in explanation.terms]
    if len(terms) > MOST_TERMS:
        terms = [*terms[: MOST_TERMS - 1], r"\dots", terms[-1]]
    if explanation.combine == "max":
        return [*steps, rf"\max({',; '.join(terms)}) = {number(explanation.result)}".replace(",;", r",\;")]
    body = r" \\ &\quad + ".join(" + ".join(line) for line in _lines(terms) or [["0"]])
    return [*steps, rf"\begin{{aligned}} &{body} \\ &= {number(explanation.result)} \end{{aligned}}"]


def _broken(step: str) -> str:
    """Put what follows the last equals sign of a long step on a line of its own."""
    left, equals, right = step.rpartition(" = ")
    if not equals or _width(step) <= WIDTH:
        return step
    return rf"\begin{{aligned}} &{left} \\ &= {right} \end{{aligned}}"


def _lines(terms: list[str]) -> list[list[str]]:
    """Fill one line after the other with as many terms as it holds, at least one."""
    lines: list[list[str]] = []
    for term in terms:
        if lines and _width(" + ".join([*lines[-1], term])) <= WIDTH:
            lines[-1].append(term)
        else:
            lines.append([term])
    return lines


def _width(latex: str) -> int:
    """Return about how many signs a reader sees."""
    return len(re.sub(r"\\[a-z]+|[{}^ ]", "", latex)) + latex.count(" ") // 2


def _term(term: Term) -> str:
    return r" \cdot ".join(_factor(factor.value) for factor in term.factors)


def _factor(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("-") else text
