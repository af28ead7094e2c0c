"""Updates by hand that change no parameter."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import ast
from typing import Any

from core.errors import N_
from core.script.events import Watch
from core.script.source import in_place


class ParameterRebound(Watch):
    """``p = p - lr * p.grad`` for each parameter: the name is given to a new tensor, and the parameter stays."""

    def end(self, variables: dict[str, Any]) -> None:
        """Look for such a line in a loop whose variable it gives another value, and nobody uses it after."""
        for loop in [node for node in ast.walk(self.progress.source.tree) if isinstance(node, ast.For)]:
            targets = {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
            for line in [node for node in ast.walk(loop) if isinstance(node, ast.Assign)]:
                name = line.targets[0].id if isinstance(line.targets[0], ast.Name) else ""
                count = self.progress.line_counts[line.lineno]
                if (
                    name in targets
                    and count
                    and _uses_gradient(line.value, name)
                    and not _used_after(loop, line, name)
                ):
                    self._report(line, name, count)

    def _report(self, line: ast.Assign, name: str, count: int) -> None:
        source = self.progress.source
        self.report(
            "parameter_rebound",
            line.lineno,
            N_(
                "This line ran {count} {count:time|times}, and each time {name} became the name of a new tensor: no"
                " parameter changed."
            ),
            N_("Change the parameter in place: with torch.no_grad(): {code}"),
            name=name,
            count=count,
            code=in_place(source, name, line.value) or f"{name}.copy_({source.segment(line.value)})",
        )


def _uses_gradient(value: ast.expr, name: str) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr == "grad" and ast.unparse(part).startswith(f"{name}.")
        for part in ast.walk(value)
    )


def _used_after(loop: ast.For, line: ast.Assign, name: str) -> bool:
    names = [part for part in ast.walk(loop) if isinstance(part, ast.Name) and part.id == name]
    return any(part.lineno > line.lineno and isinstance(part.ctx, ast.Load) for part in names)


WATCHES: tuple[type[Watch], ...] = (ParameterRebound,)
