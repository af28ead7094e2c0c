"""The program's own torch.autograd.Function: how it is called, and what its backward returns."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from core.errors import N_
from core.script.causes.table import Cause, Details
from core.script.failure import Failure
from core.script.source import last_name

Groups = Mapping[str, str]


def _own(failure: Failure) -> dict[str, ast.ClassDef]:
    """Return the classes of the program that are derived from Function."""
    return {
        node.name: node
        for node in ast.walk(failure.source.tree)
        if isinstance(node, ast.ClassDef) and any(last_name(base) == "Function" for base in node.bases)
    }


def _without_apply(failure: Failure, _groups: Groups) -> Details | None:
    """``Swish(x)``, ``Swish()(x)`` or ``Swish.forward(x)`` in place of ``Swish.apply(x)``."""
    own = _own(failure)
    named = set(re.findall(r"\w+", failure.message)) & set(own)
    if not named and "Legacy autograd function" not in failure.message:
        return None
    for call in [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.Call)]:
        name, inner = _class_of(call)
        if name in (named or own):
            code = failure.source.with_change(inner, f"{name}.apply")
            return {"name": name, "line": call.lineno, "code": code}
    for node in ast.walk(failure.source.tree) if not named else ():
        match node:
            case ast.Assign(value=ast.Call(func=ast.Name(id=name), args=[]) as maker) if name in own:
                code = failure.source.with_change(maker, f"{name}.apply")  # relu = MyReLU()
                return {"name": name, "line": maker.lineno, "code": code}
    return None


def _class_of(call: ast.Call) -> tuple[str, ast.expr]:
    """Return the class that a call names, and the part that stands for ``Swish.apply``; "" for any other call."""
    match call.func:
        case ast.Name(id=name) if call.args or call.keywords:
            return name, call.func
        case ast.Call(func=ast.Name(id=name), args=[]):
            return name, call.func
        case ast.Attribute(value=ast.Name(id=name), attr="forward"):
            return name, call.func
    return "", call.func


def _count(failure: Failure, groups: Groups) -> Details | None:
    """The return of a backward with as many values as forward has arguments beside ctx."""
    count = int(groups["wanted"])
    kind = _own(failure).get(groups["name"].removesuffix("Backward"))
    values: dict[str, object] = {"wanted": count, "given": int(groups["given"])}
    returned = _return(kind) if kind is not None else None
    if returned is None or returned.value is None:
        return values
    parts = returned.value.elts if isinstance(returned.value, ast.Tuple) else [returned.value]
    texts = [failure.source.segment(part) for part in parts[:count]] + ["None"] * (count - len(parts))
    return values | {
        "line": returned.value.lineno,
        "code": failure.source.with_change(returned.value, ", ".join(texts)),
    }


def _return(kind: ast.ClassDef) -> ast.Return | None:
    methods = [one for one in kind.body if isinstance(one, ast.FunctionDef) and one.name == "backward"]
    returns = [node for one in methods for node in ast.walk(one) if isinstance(node, ast.Return)]
    return returns[0] if len(returns) == 1 else None


CAUSES = (
    Cause(
        "function_apply",
        r"Legacy autograd function|'\w+' object has no attribute|must be Tensor, not [A-Z]"
        r"|[A-Z]\w+\.forward\(\) missing"
        r"|unsupported operand type",
        N_("{name} is a Function: its forward and backward take ctx, which only {name}.apply gives them."),
        N_("Call {name}.apply(x)."),
        _without_apply,
    ),
    Cause(
        "function_gradients",
        r"[Ff]unction (?P<name>\w+) returned an incorrect number of gradients \(expected (?P<wanted>\d+),"
        r" got (?P<given>\d+)\)",
        N_(
            "backward returns one gradient for each argument of forward without ctx: {wanted}"
            " {wanted:is|are} wanted and {given} {given:is|are} returned."
        ),
        N_("Return None for an argument that needs no gradient, such as a number: return grad * factor, None"),
        _count,
    ),
    Cause(
        "function_gradient_shape",
        r"[Ff]unction \w+ returned an invalid gradient at index (?P<index>\d+) - got (?P<given>\[[\d, ]*\]) but"
        r" expected shape compatible with (?P<wanted>\[[\d, ]*\])",
        N_("The gradient of an argument has the argument's shape {wanted}, and backward returns {given}."),
        N_("Do not reduce it in backward; where forward broadcasts an argument, sum over the dimensions it added."),
    ),
)
