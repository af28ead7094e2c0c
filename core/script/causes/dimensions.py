"""Tensors that are cut (chunk, split) or joined (cat) along another dimension than is meant."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping

from torch import Tensor, nn

from core.errors import N_
from core.script.causes.table import Cause, Details, located
from core.script.failure import Failure, value_of
from core.script.kinds import is_a
from core.script.program_record import Operation
from core.script.source import last_name
from core.trace.torch_internals import AnyBatchNorm

Groups = Mapping[str, str]
CUTS = ("chunk", "split", "tensor_split", "unbind")
JOINS = ("cat", "concat", "concatenate")
MOST_STEPS = 5  # from a layer back to the cat before it
CONVOLUTIONS = nn.Conv1d | nn.Conv2d | nn.Conv3d | nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d


def with_dim(failure: Failure, call: ast.Call, dim: int) -> Details:
    """Return the line with another ``dim`` in a call of cat, chunk or split."""
    value = next((one.value for one in call.keywords if one.arg in ("dim", "axis")), None)
    place = _place(failure, call)
    value = value or (call.args[place] if len(call.args) > place else None)
    if value is not None:
        return {"line": value.lineno, "code": failure.source.with_change(value, str(dim))}
    if call.lineno != call.end_lineno:
        return {}
    text = failure.source.segment(call)
    return {"line": call.lineno, "code": failure.source.with_change(call, f"{text[:-1]}, dim={dim})")}


def _place(failure: Failure, call: ast.Call) -> int:
    """Return the place of ``dim`` among the arguments: ``x.chunk(3, 1)`` 1, ``torch.chunk(x, 3, 1)`` 2."""
    name = last_name(call.func)
    place = 1 if name in (*JOINS, "unbind") else 2
    is_function = name in JOINS or failure.source.segment(call.func) == f"torch.{name}"
    return place if is_function else place - 1


def _cut(value: ast.expr) -> ast.Call | None:
    """Return the call in ``value`` that cuts a tensor."""
    calls = [part for part in ast.walk(value) if isinstance(part, ast.Call) and last_name(part.func) in CUTS]
    return calls[0] if calls else None


def _other_number(failure: Failure, groups: Groups) -> Details | None:
    """``q, k, v = qkv.chunk(3)``: along the samples there are fewer parts than names."""
    for node in _assignments(failure):
        if not node.lineno <= failure.line <= (node.end_lineno or 0):
            continue
        call = _cut(node.value)
        target = node.targets[0]
        if call is None or not isinstance(target, ast.Tuple):
            continue
        names = len(target.elts)
        values = {"code_of": failure.source.segment(call), "names": names, "given": groups.get("given", "")}
        x = value_of(_owner(failure, call), failure.variables)
        fits = not is_a(x, Tensor) or (x.dim() > 1 and x.shape[-1] % names == 0)
        return {**values, **(with_dim(failure, call, -1) if fits and last_name(call.func) != "unbind" else {})}
    return None


def _owner(failure: Failure, call: ast.Call) -> ast.expr:
    is_function = failure.source.segment(call.func).startswith("torch.")
    return call.args[0] if is_function and call.args else getattr(call.func, "value", call.func)


def _part_for_view(failure: Failure, groups: Groups) -> Details | None:
    """A part whose size is wrong for view, where parts along the last dimension would have fitted."""
    x = failure.tensor("input") or next(iter(failure.tensors), None)
    if x is None:
        return None
    whole = x[1].untyped_storage().nbytes() // max(1, x[1].element_size())
    sizes = [int(part) for part in re.findall(r"-?\d+", groups["shape"])]
    for node in sorted(_assignments(failure), key=lambda one: -one.lineno):
        targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else []
        call = _cut(node.value)
        named = [one.id for one in targets if isinstance(one, ast.Name)]
        if call is None or x[0] not in named or node.lineno > failure.line:
            continue
        if min(sizes) < 0 or math.prod(sizes) * len(targets) != whole or x[1].numel() == math.prod(sizes):
            return None
        values = {"code_of": failure.source.segment(call), "name": x[0], "first": f"{x[0]} {list(x[1].shape)}"}
        return {**values, **with_dim(failure, call, -1)}
    return None


def _assignments(failure: Failure) -> list[ast.Assign]:
    return [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.Assign)]


def _other_cat(failure: Failure, _groups: Groups) -> Details | None:
    """``torch.cat([skip, x], dim=2)``: along another dimension the layer gets as many channels as it wants."""
    x, place = failure.tensor("input"), _input_size(failure.module)
    join = _maker(failure, x[1]) if x is not None else None
    if x is None or place is None or join is None:
        return None
    size, dim = place
    dim = dim if dim >= 0 else x[1].dim() - 1
    parts = [one.shape for one in join.inputs]
    if {len(shape) for shape in parts} != {x[1].dim()}:
        return None
    if x[1].shape[dim] == size:
        return None
    is_batch = is_a(failure.module, nn.Linear) and not all(one.requires_grad for one in join.inputs)
    if is_batch and all(shape[dim] == size for shape in parts):
        dim = 0
    elif sum(shape[dim] for shape in parts) != size:
        return None
    others = [[n for i, n in enumerate(shape) if i != dim] for shape in parts]
    if any(one != others[0] for one in others[1:]):
        return None
    values = {"where": join.line, "dim": dim, "wanted": size, "shape": list(x[1].shape)}
    calls = [call for call in failure.source.calls(*JOINS) if call.lineno == join.line]
    return {**values, **(with_dim(failure, calls[0], dim) if len(calls) == 1 else {})}


def _input_size(module: nn.Module | None) -> tuple[int, int] | None:
    """Return how many numbers a layer takes, and in which dimension."""
    if is_a(module, nn.Linear):
        return module.in_features, -1
    if is_a(module, CONVOLUTIONS):
        return module.in_channels, 1
    if is_a(module, AnyBatchNorm):
        return module.num_features, 1
    return None


def _maker(failure: Failure, x: Tensor) -> Operation | None:
    """Return the cat that made a tensor, before what keeps its shape: dropout, an activation."""
    if failure.recorder is None:
        return None
    entries = {number: entry for number, _left_out, entry in failure.recorder.operations}
    maker = failure.recorder.progress.makers.of(x)
    for _step in range(MOST_STEPS):
        entry = entries.get(maker[0]) if maker is not None else None
        if entry is None:
            return None
        operation = entry()
        if operation.name in JOINS:
            return operation
        if not operation.inputs or [one.shape for one in operation.outputs] != [operation.inputs[0].shape]:
            return None
        maker = operation.inputs[0].maker
    return None


def other_dim(failure: Failure) -> Details:
    """Return the line of a cat with the one dimension in which the shapes differ; nothing where there are more."""
    node = located(failure)
    shapes = [tensor.shape for _name, tensor in failure.tensors]
    if not isinstance(node, ast.Call) or len(shapes) < 2 or len({len(shape) for shape in shapes}) > 1:
        return {}
    different = [dim for dim in range(len(shapes[0])) if len({shape[dim] for shape in shapes}) > 1]
    return with_dim(failure, node, different[0]) if len(different) == 1 and last_name(node.func) in JOINS else {}


CAUSES = (
    Cause(
        "chunk_dim",
        r"(?:too many|not enough) values to unpack \(expected \d+(?:, got (?P<given>\d+))?\)",
        N_(
            "{code_of} gives another number of parts than the {names} names on the left: it cuts along the wrong"
            " dimension (without dim, along 0, the samples)."
        ),
        N_("Cut along the dimension that holds the parts, mostly the last: dim=-1"),
        _other_number,
    ),
    Cause(
        "chunk_dim",
        r"shape '(?P<shape>[^']+)' is invalid for input of size \d+",
        N_(
            "{code_of} cuts along a dimension that the view takes for whole: {first}. Cut along the last"
            " dimension, the parts have as many numbers as the view asks for."
        ),
        N_("Cut along the last dimension: dim=-1"),
        _part_for_view,
    ),
    Cause(
        "cat_dim",
        r"to have \d+ channels, but got \d+ channels|mat1 and mat2 shapes cannot be multiplied"
        r"|running_mean should contain",
        N_(
            "cat in line {where} joined along another dimension: {shape}. Joined along dimension {dim}, there are"
            " {wanted} for the layer, as many as it takes."
        ),
        N_("Write dim={dim} in line {where}."),
        _other_cat,
    ),
)
