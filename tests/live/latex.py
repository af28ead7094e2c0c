"""Which commands of LaTeX the browser draws."""

from __future__ import annotations

import re
from functools import cache

from core.settings import PROJECT


@cache
def formulas() -> str:
    """Return the source that knows the commands."""
    return (PROJECT / "static/js/lib/formula.js").read_text("utf-8")


def unknown(latex: str) -> set[str]:
    """Return the commands in ``latex`` that the browser would show as they are written."""
    commands = set(re.findall(r"\\([A-Za-z]+)", latex)) - {"begin", "end"}
    return {command for command in commands if not re.search(rf"\b{command}: '|'{command}'", formulas())}
