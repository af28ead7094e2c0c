"""How a layer's size is written, as a number, a constant, or a parameter that a call gives; and its repair."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from core.script.failure import Failure
from core.script.kinds import is_a
from core.script.source import number

Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Parameters:
    """A call that gives a function, or a class, its parameters; those of whole numbers by name."""

    nodes: Mapping[str, ast.expr]  # where each parameter is written, also where that is its default
    sizes: Sizes


def repair(failure: Failure, layer: ast.Call, value: ast.expr, wrong: int, right: int) -> tuple[ast.expr, str]:
    """Return what is to be replaced, so that ``value``, a size of ``layer`` that is ``wrong``, becomes ``right``.

    A size that is a parameter is changed where the call gives it, if the data came from outside or an earlier call
    was right; else it becomes another parameter, or a multiple: ``hidden * 2``. All else becomes a number.
    """
    function, owner = _around(failure, value)
    parameters = [one.arg for one in function.args.args] if function is not None else []
    names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
    if function is None or not names & set(parameters):
        return value, _product(value, _constants(failure), wrong, right) or str(right)
    name = owner if function.name == "__init__" else function.name
    calls = [_parameters(failure, function, call, name == owner) for call in failure.source.calls(name)]
    wrong_ones = [one for one in calls if _evaluated(value, one.sizes) == wrong]
    if isinstance(value, ast.Name) and not wrong_ones:  # given as what is not worked out here: len(words)
        wrong_ones = [one for one in calls if value.id in one.nodes and value.id not in one.sizes]
    arguments = [one.nodes[value.id] for one in wrong_ones] if isinstance(value, ast.Name) else []
    if len(arguments) == 1 and _is_data(failure):
        return arguments[0], str(right)
    for other in parameters:
        is_free = not _holds(layer, other) or _is_used_before(function, layer, value)
        if is_free and _would_be_right(calls, value, other, wrong, right):
            return value, other
    is_later = bool(wrong_ones) and wrong_ones[0] is not calls[0]
    if len(arguments) == 1 and is_later:
        return arguments[0], str(right)
    text = _product(value, wrong_ones[0].sizes, wrong, right) if len(calls) == len(wrong_ones) == 1 else ""
    if text:
        return value, text
    return (arguments[0], str(right)) if len(arguments) == 1 and name != owner else (value, str(right))


def _would_be_right(calls: list[Parameters], value: ast.expr, other: str, wrong: int, right: int) -> bool:
    """Return whether the parameter ``other`` fits the first call that it helps, and every call before it."""
    for one in calls:
        size = _evaluated(value, one.sizes)
        if size == wrong and one.sizes.get(other) == right:
            return True
        if size is None or one.sizes.get(other) != size:
            return False
    return False


def _around(failure: Failure, value: ast.expr) -> tuple[ast.FunctionDef | None, str]:
    """Return the innermost function around a node, and the class that the function is a method of."""
    function, owner = None, ""
    for node in ast.walk(failure.source.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and any(part is value for part in ast.walk(node)):
            if isinstance(node, ast.ClassDef):
                owner = node.name
            else:
                function = node
    return function, owner


def _parameters(failure: Failure, function: ast.FunctionDef, call: ast.Call, is_method: bool) -> Parameters:
    arguments = function.args.args[1:] if is_method else function.args.args
    defaults = function.args.defaults
    nodes = dict(zip([one.arg for one in arguments[len(arguments) - len(defaults) :]], defaults, strict=False))
    nodes |= {one.arg: value for one, value in zip(arguments, call.args, strict=False)}
    nodes |= {one.arg: one.value for one in call.keywords if one.arg}
    constants = _constants(failure)
    sizes = {name: _evaluated(node, constants) for name, node in nodes.items()}
    return Parameters(nodes, {name: size for name, size in sizes.items() if size is not None})


def _constants(failure: Failure) -> Sizes:
    """Return the whole numbers that the program has names for."""
    return {name: value for name, value in failure.variables.items() if type(value) is int}


def _evaluated(node: ast.expr, sizes: Sizes) -> int | None:
    """Return the value of products, sums and quotients of whole numbers; None for anything else."""
    if isinstance(node, ast.Name):
        return sizes.get(node.id)
    if isinstance(node, ast.BinOp):
        left, right = _evaluated(node.left, sizes), _evaluated(node.right, sizes)
        if left is None or right is None:
            return None
        match node.op:
            case ast.Mult():
                return left * right
            case ast.Add():
                return left + right
            case ast.FloorDiv() if right:
                return left // right
        return None
    return number(node)


def _is_data(failure: Failure) -> bool:
    """Return whether what the layer got came from no other layer."""
    x = failure.tensor("input")
    return x is not None and is_a(x[1], Tensor) and x[1].grad_fn is None and not x[1].requires_grad


def _holds(layer: ast.Call, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(layer))


def _is_used_before(function: ast.FunctionDef, layer: ast.Call, value: ast.expr) -> bool:
    """Return whether an earlier call of the function begins with the same size: ``conv1`` before ``conv2``."""
    text = ast.unparse(value)
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args]
    return any(ast.unparse(call.args[0]) == text and call.lineno < layer.lineno for call in calls)


def _product(value: ast.expr, sizes: Sizes, wrong: int, right: int) -> str:
    """Return ``hidden * 2`` for ``hidden``, and ``hidden`` for ``hidden * 2``; empty where that does not fit."""
    match value:
        case ast.Name(id=name) if sizes.get(name) == wrong and wrong > 1 and right % wrong == 0:
            return f"{name} * {right // wrong}"
        case (
            ast.BinOp(op=ast.Mult(), left=ast.Name(id=name), right=ast.Constant())
            | ast.BinOp(op=ast.Mult(), left=ast.Constant(), right=ast.Name(id=name))
        ) if sizes.get(name, 0) > 1 and right % sizes[name] == 0:
            return name if right == sizes[name] else f"{name} * {right // sizes[name]}"
    return ""
