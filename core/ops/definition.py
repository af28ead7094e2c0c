"""What an operation declares of itself: its arithmetic for one cell and for all, and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor

from core.ops.operator import Operator
from core.ops.records import Call, Explanation, Index
from core.ops.whole import Array, Hand


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
