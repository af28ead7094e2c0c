"""One sample without the dimension of the batch: a convolution takes it, and a later layer cannot."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from torch import Tensor, nn

from core.errors import N_
from core.script.causes.table import Cause, Details
from core.script.failure import Failure, value_of
from core.script.kinds import is_a

Groups = Mapping[str, str]
DIMENSIONS = {nn.Conv1d: 2, nn.Conv2d: 3, nn.Conv3d: 4}  # of one sample


def _one_sample(failure: Failure, _groups: Groups) -> Details | None:
    """What the program gave to the network has one dimension less than a batch, and its channels come first."""
    module, x = _outermost_call(failure)
    if module is None or x is None:
        return None
    first = next((part for part in module.modules() if any(True for _ in part.parameters(recurse=False))), None)
    if not is_a(first, nn.Conv1d | nn.Conv2d | nn.Conv3d) or first is failure.module:
        return None
    if x.dim() != DIMENSIONS.get(type(first)) or x.shape[0] != first.in_channels:
        return None
    return {"shape": str(list(x.shape))} | dict(_with_batch(failure, module) or {})


def _outermost_call(failure: Failure) -> tuple[nn.Module | None, Tensor | None]:
    """Return the module that the program itself called, and its input."""
    trace = failure.error.__traceback__
    while trace is not None:
        here = trace.tb_frame.f_locals
        module, args = here.get("self"), here.get("args")
        if trace.tb_frame.f_code.co_name.endswith("_call_impl") and is_a(module, nn.Module):
            x = args[0] if is_a(args, tuple) and args else None
            return module, x if is_a(x, Tensor) else None
        trace = trace.tb_next
    return None, None


def _with_batch(failure: Failure, module: nn.Module) -> Details | None:
    """Return the line that calls the module, with a batch of one."""
    for call in [node for node in ast.walk(failure.source.tree) if isinstance(node, ast.Call)]:
        is_here = call.lineno in (failure.line, *failure.callers) and len(call.args) == 1
        if is_here and any(value_of(call.func, names) is module for names in (failure.variables, *failure.scopes)):
            text = failure.source.segment(call.args[0])
            plain = isinstance(call.args[0], ast.Name | ast.Attribute | ast.Call | ast.Subscript)
            form = f"{text}.unsqueeze(0)" if plain else f"({text}).unsqueeze(0)"
            return {"line": call.lineno, "code": failure.source.with_change(call.args[0], form)}
    return None


CAUSES = (
    Cause(
        "missing_batch",
        r"mat1 and mat2 shapes cannot be multiplied|size mismatch, m1|expected [\w ]+ input \(got \dD input\)"
        r"|running_mean should contain",
        N_(
            "The network gets {shape}, one sample without the dimension of the batch. Its convolutions take that,"
            " and this layer does not."
        ),
        N_("Add the dimension of the batch: x.unsqueeze(0)"),
        _one_sample,
    ),
)
