"""Our own short programs for the page's editor: one for each tutorial, and one that breaks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import N_


@dataclass(frozen=True)
class Example:
    """A program and its title, an English sentence to translate."""

    key: str
    title: str
    text: str


TITLES = {
    "breaks": N_("A program that breaks"),
    "lenet": N_("LeNet: one training step"),
    "mnist": N_("The MNIST network"),
    "autograd": N_("Gradients of LeNet"),
    "linear_fit": N_("Linear fit"),
    "two_layers": N_("Two layers by hand"),
}


@cache
def examples() -> tuple[Example, ...]:
    """Return every example, in the order in which they are offered."""
    folder = Path(__file__).parent / "programs"
    return tuple(
        Example(key, title, (folder / f"{key}.py").read_text(encoding="utf-8")) for key, title in TITLES.items()
    )
