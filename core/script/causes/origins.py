"""Where the data of a failing call come from, so that they are converted once, and not at each use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from core.script.causes.table import Details, located
from core.script.failure import Failure
from core.script.kinds import is_a
from core.script.source import last_name

CONVERSIONS = ("float", "double", "half", "long", "int", "bool", "bfloat16")
MAKERS = (
    "tensor",
    "as_tensor",
    "from_numpy",
    "Tensor",
    "zeros",
    "ones",
    "rand",
    "randn",
    "randint",
    "full",
    "arange",
)


def converted_once(failure: Failure, tensor: Tensor, method: str, dtype: str) -> Details | None:
    """Return the line that makes the data, with ``.float()`` or another ``method`` there; None for none.

    ``dtype`` takes the place of a dtype that the line gives: "torch.float32".
    """
    if tensor.requires_grad or tensor.grad_fn is not None or tensor.dim() == 0:
        return None
    for name in _names(failure, tensor):
        value = _value(failure, name)
        if value is not None and value.lineno == value.end_lineno:
            return {"line": value.lineno, "code": _changed(failure, value, method, dtype)}
    return None


def _changed(failure: Failure, value: ast.expr, method: str, dtype: str) -> str:
    match value:
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=[], keywords=[]) if name in CONVERSIONS:
            return failure.source.with_change(value, f"{_atom(failure, owner)}.{method}()")
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg == "dtype":
                    return failure.source.with_change(keyword.value, dtype)
    return failure.source.with_change(value, f"{_atom(failure, value)}.{method}()")


def _atom(failure: Failure, node: ast.expr) -> str:
    """Return the text of an expression, in parentheses where a method could not follow."""
    text = failure.source.segment(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) else f"({text})"


def reshaped_once(failure: Failure, name: str, tensor: Tensor, call: str) -> Details | None:
    """Return the line that makes a tensor, with ``.unsqueeze(1)`` there, where every use of it needs that.

    Those are more than one, in the failing line or as arguments of the function that failed.
    """
    value, node = _value(failure, name), located(failure)
    if tensor.grad_fn is not None or value is None or value.lineno != value.end_lineno:
        return None
    function = failure.source.segment(node.func) if isinstance(node, ast.Call) else ""
    calls = [one for one in ast.walk(failure.source.tree) if isinstance(one, ast.Call)]
    alike = {id(one) for call in calls if failure.source.segment(call.func) == function for one in call.args}
    names = [one for one in ast.walk(failure.source.tree) if isinstance(one, ast.Name) and one.id == name]
    uses = [one for one in names if isinstance(one.ctx, ast.Load)]
    if len(uses) < 2 or not all(one.lineno == failure.line or id(one) in alike for one in uses):
        return None
    return {"line": value.lineno, "code": failure.source.with_change(value, f"{_atom(failure, value)}.{call}")}


def _names(failure: Failure, tensor: Tensor) -> Iterator[str]:
    """Give the names that the data have in the program: "X", or "self.X" of a dataset."""
    storage = tensor.untyped_storage().data_ptr()
    lines = " ".join(failure.source.line(number) for number in (failure.line, *failure.callers))
    for scope in failure.scopes:
        loaders = [one for one in scope.values() if is_a(one, DataLoader)]
        loaded = [one for loader in loaders for one in _loaded(loader, tensor)]
        attributes = [name for loader in loaders for name in _attributes(loader, tensor)]
        for name, value in scope.items():
            if not is_a(value, Tensor) or value.dtype != tensor.dtype:
                continue
            same = value.untyped_storage().data_ptr() == storage
            cut = value.shape[1:] == tensor.shape[1:] and re.search(rf"\b{re.escape(name)}\[", lines)
            if same or cut or value.untyped_storage().data_ptr() in loaded:
                yield name
        yield from attributes
    # A loader without a name of its own: there is one table with such rows.
    like = [
        name
        for scope in failure.scopes[-2:]
        for name, value in scope.items()
        if is_a(value, Tensor) and value is not tensor and _like(value, tensor) and len(value) > len(tensor)
    ]
    if len(like) == 1:
        yield like[0]


def _loaded(loader: DataLoader[Any], tensor: Tensor) -> list[int]:
    """Return where the tensors of a TensorDataset lie whose rows are like those of ``tensor``."""
    dataset: Any = loader.dataset
    tensors = dataset.tensors if is_a(dataset, TensorDataset) else (dataset,) if is_a(dataset, Tensor) else ()
    return [one.untyped_storage().data_ptr() for one in tensors if _like(one, tensor)]


def _attributes(loader: DataLoader[Any], tensor: Tensor) -> list[str]:
    """Return the attributes of a dataset of the program itself that hold such rows."""
    try:
        attributes = vars(loader.dataset)
    except TypeError:
        return []
    return [f"self.{name}" for name, one in attributes.items() if is_a(one, Tensor) and _like(one, tensor)]


def _like(one: Tensor, tensor: Tensor) -> bool:
    return one.dim() > 0 and one.dtype == tensor.dtype and one.shape[1:] == tensor.shape[1:]


def _value(failure: Failure, name: str) -> ast.expr | None:
    """Return what is assigned to a name last, where that makes a tensor; None for two such places, or none."""
    pairs = [
        (target, value)
        for node in ast.walk(failure.source.tree)
        if isinstance(node, ast.Assign)
        for target, value in _pairs(node)
        if failure.source.segment(target) == name
    ]
    makers = [value for _target, value in pairs if _makes(value)]
    return makers[0] if len(makers) == 1 else None


def _pairs(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def _makes(value: ast.expr) -> bool:
    """Return whether an expression makes data, and takes them from no batch: ``torch.from_numpy(x)``."""
    calls = [last_name(part.func) for part in ast.walk(value) if isinstance(part, ast.Call)]
    return any(name in (*MAKERS, *CONVERSIONS) for name in calls)
