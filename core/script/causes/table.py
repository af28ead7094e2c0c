"""What a cause is: a key, how it is recognised, why in plain words, and the repair. Tools for repaired lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from torch import Tensor, nn

from core.errors import N_
from core.script.causes import written_size
from core.script.failure import Failure
from core.script.source import argument, last_name, number
from core.sentence import Sentence

CHANGE = N_("Change line {line} to: {code}")

# What a cause finds out: values for its sentences. "line" and "code" together are the repaired line.
Details = Mapping[str, object]
Look = Callable[[Failure, Mapping[str, str]], Details | None]


@dataclass(frozen=True)
class Diagnosis:
    """A cause as it applies to one failure."""

    key: str
    why: Sentence
    repair: Sentence


@dataclass(frozen=True)
class Cause:
    """Recognised where ``pattern`` is in the traceback's last line and ``look``, if any, finds what it looks for.

    The pattern's named groups and what ``look`` returns are the values of the sentences.
    """

    key: str
    pattern: str
    why: str
    repair: str
    look: Look | None = None

    def explain(self, failure: Failure) -> Diagnosis | None:
        """Return the explanation, or None where another cause is meant."""
        match = re.search(self.pattern, failure.text, re.DOTALL)
        if match is None:
            return None
        groups = {name.rstrip("23456"): value for name, value in match.groupdict().items() if value is not None}
        details = self.look(failure, groups) if self.look else {}
        if details is None:
            return None
        values = groups | dict(details)
        line, code = values.get("line"), str(values.get("code", ""))
        if isinstance(line, int) and _is_python(failure.source.line(line)) and not _is_python(code):
            del values["code"]
        repair = CHANGE if "code" in values else self.repair
        return Diagnosis(self.key, Sentence(self.why, values), Sentence(repair, values))


def _is_python(line: str) -> bool:
    try:
        ast.parse(line)
    except (SyntaxError, ValueError):
        return False
    return True


def optional(look: Look) -> Look:
    """Turn a look for a repaired line into one that may find none."""
    return lambda failure, groups: look(failure, groups) or {}


def located(failure: Failure) -> ast.expr | None:
    """Return the node of the program's tree that failed."""
    for node in ast.walk(failure.source.tree):
        is_here = isinstance(node, ast.expr) and node.lineno == failure.line
        if is_here and failure.source.segment(node) == failure.expression:
            return cast(ast.expr, node)
    return None


def wrapped(failure: Failure, name: str, form: str) -> Details | None:
    """Return the line with the operand ``name`` replaced by ``form`` of it: ``{}.long()``."""
    node = located(failure)
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.expr) and failure.source.segment(part) == name:
            change = form.format(_atom(failure, part, form))
            return {"line": part.lineno, "code": failure.source.with_change(part, change)}
    return None


def first_argument(failure: Failure, form: str) -> Details | None:
    """Return the line with the first argument of the failing call replaced by ``form`` of it."""
    node = located(failure)
    if not isinstance(node, ast.Call) or not node.args or isinstance(node.args[0], ast.Starred):
        return None
    text = _atom(failure, node.args[0], form)
    return {"line": node.args[0].lineno, "code": failure.source.with_change(node.args[0], form.format(text))}


def _atom(failure: Failure, node: ast.expr, form: str) -> str:
    """Return the text of a node as it stands in ``form``, in parentheses where a method is called on it."""
    return failure.source.operand(node) if form.startswith("{}") else failure.source.segment(node)


def whole(failure: Failure, form: str) -> Details | None:
    """Return the line with the failing expression replaced by ``form`` of it."""
    node = located(failure)
    if node is None:
        return None
    return {"line": node.lineno, "code": failure.source.with_change(node, form.format(failure.expression))}


def replaced(failure: Failure, old: str, new: str) -> Details | None:
    """Return the failing line with ``old`` replaced by ``new`` once."""
    line = failure.source.line(failure.line)
    return {"line": failure.line, "code": line.replace(old, new, 1)} if old in line else None


def definition(failure: Failure, position: int, name: str, wrong: int, right: int) -> Details | None:
    """Return the line that defines the failing layer with the size ``wrong`` changed to ``right``."""
    module = failure.module
    if module is None:
        return None
    candidates = [
        (call, value)
        for call in failure.source.calls(type(module).__name__)
        if (value := argument(call, position, name)) is not None
        and number(value) in (wrong, None)
        and _second_size(call, position) in (None, _out(module))
    ]
    exact = [pair for pair in candidates if number(pair[1]) == wrong] or candidates
    attribute = failure.module_name.rsplit(".", 1)[-1]
    by_name, of_that_name = (
        [pair for pair in pairs if attribute and attribute in assigned(failure.source.tree, pair[0])]
        for pairs in (exact, candidates)
    )
    for pairs in (by_name, of_that_name, exact):
        if len(pairs) == 1:
            node, text = written_size.repair(failure, *pairs[0], wrong, right)
            return {"line": node.lineno, "code": failure.source.with_change(node, text)}
    return None


def _second_size(call: ast.Call, position: int) -> int | None:
    node = argument(call, position + 1, "")
    return None if node is None else number(node)


SECOND = ("out_features", "out_channels", "embedding_dim", "hidden_size", "num_heads")


def _out(module: nn.Module) -> Any:
    return next((getattr(module, name) for name in SECOND if hasattr(module, name)), None)


def assigned(tree: ast.AST, value: ast.AST) -> list[str]:
    """Return the last names that ``value`` is assigned to: ["fc1"] of ``self.fc1 = nn.Linear(…)``."""
    return [
        last_name(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.value is value
        for target in node.targets
    ]


def assignments_to(failure: Failure, name: str) -> list[ast.Assign]:
    """Return the assignments ``name = …`` above the failing line."""
    return [
        node
        for node in ast.walk(failure.source.tree)
        if isinstance(node, ast.Assign) and node.lineno < failure.line
        if isinstance(node.targets[0], ast.Name) and node.targets[0].id == name
    ]


def shapes(failure: Failure) -> dict[str, str]:
    """Return the shapes of the first two operands in words, with their names."""
    return {
        which: f"{name} {list(tensor.shape)}"
        for which, (name, tensor) in zip(("first", "second"), failure.tensors, strict=False)
    }


def pair(failure: Failure, first: str, second: str) -> tuple[tuple[str, Tensor], tuple[str, Tensor]] | None:
    """Return two arguments of the failing call, by PyTorch's names, as (the program's name, tensor)."""
    one, two = failure.tensor(first), failure.tensor(second)
    return None if one is None or two is None else (one, two)
