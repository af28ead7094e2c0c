"""The words for the settings of an operator, whose arguments keep PyTorch's names."""

from __future__ import annotations

from core.ops.operator import Argument, Operator
from pages.shared.instruments import ControlWords
from pages.shared.language import _

LABELS = {"shape": "x.shape", "mat2": "mat2.shape"}


def words(operator: Operator) -> dict[str, ControlWords]:
    """Return the name and the meaning of each setting that has a control."""
    arguments: dict[str, ControlWords] = {
        f"{operator.name}_{argument.name}": {"label": _label(argument), "hint": _hint(argument)}
        for argument in operator.arguments
    }
    return {
        **arguments,
        "seed": {"label": "torch.manual_seed"},
        "ask": {"label": _("Ask me the shape first")},
        f"{operator.name}_guess": {
            "label": _("Your guess: the shape of y, for example (2, 3), or () for a single number")
        },
    }


def _label(argument: Argument) -> str:
    if argument.kind == "shape" and argument.name in ("target", "other"):
        return f"{argument.name}.shape"
    return LABELS.get(argument.name, argument.name)


def _hint(argument: Argument) -> str:
    examples = " · ".join(argument.examples[:4])
    if argument.kind == "numbers":
        return _("Numbers with commas, or nothing for None. For example {examples}", examples=examples)
    if argument.kind in ("shape", "sizes"):
        return _("Whole numbers with commas. For example {examples}", examples=examples)
    return ""
