"""What an operation declares of itself: its arithmetic for one cell and for all, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from torch import Tensor

from core.ops.explanation import Call, Explanation, Index
from core.ops.operator import Operator
from core.ops.whole import Array, Hand

Recipe = TypeVar("Recipe")


@dataclass(frozen=True)
class Definition:
    """Everything that is known of one operation.

    ``names`` are the functions that it answers to, as a trace names them. ``value`` and ``gradient`` open one cell,
    ``whole`` and ``whole_gradient`` compute all cells in float64; each returns None for a call that it does not
    know. ``meaning`` says in a sentence what the operation does, ``nodes`` what its backward nodes do, by their
    names without the number; ``nodes_with`` says it where it depends on a value that the node saved, by the node's
    name, the value's, and its text. ``operators`` are its entries on the Operators page: arguments, shape rule with
    its errors, call as code, and surprise. ``several``: it returns several tensors; ``Call.part`` says which.
    """

    names: tuple[str, ...]
    value: Callable[[Call, Index], Explanation | None]
    gradient: Callable[[Call, str, Tensor, Tensor, Index], Explanation | None]
    whole: Callable[[Call], Hand | None]
    whole_gradient: Callable[[Call, str, Array], Hand | None]
    meaning: str = ""
    nodes: dict[str, str] = field(default_factory=dict)
    nodes_with: dict[tuple[str, str, str], str] = field(default_factory=dict)
    operators: tuple[Operator, ...] = ()
    several: bool = False


def by_recipe(
    *names: str,
    recipe: Callable[[Call], Recipe | None],
    value: Callable[[Recipe, Call, Index], Explanation | None],
    gradient: Callable[[Recipe, Call, str, Tensor, Tensor, Index], Explanation | None],
    whole: Callable[[Recipe, Call], Hand | None],
    whole_gradient: Callable[[Recipe, Call, str, Array], Hand | None],
    backward: Callable[[Call], Recipe | None] | None = None,
    **texts: Any,
) -> Definition:
    """Return the definition of an operation whose arithmetic follows from ``recipe(call)``.

    The recipe is what a call's options make of the operation; None for options that are not known, and then nothing
    is opened. Gradients follow from ``backward(call)`` where options of the call change them alone.
    """
    read_backwards = backward or recipe

    def value_of(call: Call, index: Index) -> Explanation | None:
        rule = recipe(call)
        return None if rule is None else value(rule, call, index)

    def gradient_of(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
        rule = read_backwards(call)
        return None if rule is None else gradient(rule, call, which, grad_output, grad, index)

    def whole_of(call: Call) -> Hand | None:
        rule = recipe(call)
        return None if rule is None else whole(rule, call)

    def whole_gradient_of(call: Call, which: str, g: Array) -> Hand | None:
        rule = read_backwards(call)
        return None if rule is None else whole_gradient(rule, call, which, g)

    return Definition(names, value_of, gradient_of, whole_of, whole_gradient_of, **texts)
