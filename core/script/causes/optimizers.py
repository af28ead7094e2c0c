"""The closure of an optimizer that computes the loss several times in a step, such as LBFGS."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from core.errors import N_
from core.script.causes.table import Cause, Details, located
from core.script.failure import Failure
from core.script.source import last_name

Groups = Mapping[str, str]


def _loss_for_closure(failure: Failure, _groups: Groups) -> Details | None:
    """``optimizer.step(closure())``: what the closure returned in place of the closure."""
    match located(failure):
        case ast.Call(func=ast.Attribute(attr="step"), args=[ast.Call(func=function, args=[])]) as node:
            name = failure.source.segment(function)
            return {"name": name, "line": node.lineno, "code": failure.source.with_change(node.args[0], name)}
    return None


def _returns_nothing(failure: Failure, _groups: Groups) -> Details | None:
    """A closure that computes the loss and does not return it."""
    node = located(failure)
    names = [one.id for one in ast.walk(node) if isinstance(one, ast.Name)] if isinstance(node, ast.Call) else []
    if not isinstance(node, ast.Call) or last_name(node.func) != "step":
        return None
    for function in ast.walk(failure.source.tree):
        if isinstance(function, ast.FunctionDef) and function.name in names:
            returns = [one for one in ast.walk(function) if isinstance(one, ast.Return) and one.value is not None]
            if not returns:
                return {"name": function.name, "where": function.end_lineno, "value": _loss(function)}
    return None


def _loss(function: ast.FunctionDef) -> str:
    """Return what a function calls backward on."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="backward")):
                return ast.unparse(owner)
    return "loss"


CAUSES = (
    Cause(
        "closure",
        r"NoneType",
        N_("The optimizer compares the losses that {name} returns, and {name} returns nothing."),
        N_("Write after line {where}: return {value}"),
        _returns_nothing,
    ),
    Cause(
        "closure",
        r"object is not callable",
        N_("step() calls the closure itself, and gets the loss that {name}() returned in its place."),
        N_("Leave out the parentheses: optimizer.step({name})"),
        _loss_for_closure,
    ),
    Cause(
        "closure",
        r"(?P<kind>\w+)\.step\(\) missing 1 required positional argument: 'closure'",
        N_("{kind} computes the loss several times in one step, so it needs a function that does so."),
        N_(
            "Write a closure with zero_grad(), the loss, backward() and return loss, and call"
            " optimizer.step(closure)."
        ),
    ),
)
