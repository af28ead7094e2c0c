"""Methods that are named and not called: ``optimizer.step`` without parentheses does nothing."""

from __future__ import annotations

import ast
from types import FunctionType
from typing import Any

from core.errors import N_
from core.script.events import Watch
from core.script.kinds import is_a
from core.script.program_record import Finding

METHODS = ("backward", "step", "zero_grad", "eval", "train")
# What comes of it, and is said no more where the reason is known.
FOLLOW = frozenset(
    (
        "clip_order",
        "diverges",
        "eval_forgotten",
        "loss_at_chance",
        "no_gradient",
        "no_step",
        "no_zero_grad",
        "scheduler_order",
        "step_without_gradient",
        "train_forgotten",
    )
)


class NotCalled(Watch):
    """A line that is nothing but ``optimizer.step``."""

    def end(self, variables: dict[str, Any]) -> None:
        """Count how often each of them ran."""
        for node in ast.walk(self.progress.source.tree):
            match node:
                case ast.Expr(value=ast.Attribute(value=owner, attr=method)) if method in METHODS:
                    count = self.progress.line_counts[node.lineno]
                    value = variables.get(owner.id) if isinstance(owner, ast.Name) else None
                    if count and (value is None or callable(getattr(type(value), method, None))):
                        self._report(node, count)
                case ast.Expr(value=ast.Name(id=name)) if is_a(variables.get(name), FunctionType):
                    if count := self.progress.line_counts[node.lineno]:  # main
                        self._report(node, count)

    def _report(self, node: ast.Expr, count: int) -> None:
        self.report(
            "not_called",
            node.lineno,
            N_(
                "Without parentheses {code} is named and not called: this line ran {count} {count:time|times} and"
                " did nothing."
            ),
            N_("Write {code}() with parentheses."),
            code=self.progress.source.segment(node.value),
            count=count,
        )


def without_what_follows(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return findings without those that a method which was not called explains."""
    if all(one.key != "not_called" for one in findings):
        return findings
    return tuple(one for one in findings if one.key not in FOLLOW)


WATCHES: tuple[type[Watch], ...] = (NotCalled,)
