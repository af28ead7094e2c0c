"""Opens one cell of a tensor that a recorded call made, from the inputs that were recorded with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypedDict

import torch
from torch import Tensor

from core.errors import N_
from core.ops import explain
from core.ops.explanation import Explanation, Factor, Index, Term
from core.ops.plain import ExplanationData, plain
from core.script.calls import RecordedCall
from core.script.gradients import RecordedGradient, Use

MOST_TERMS = 1_000  # that are listed
UNKNOWN = N_("The arithmetic of this operation is not written out here; the number is torch's.")
CUT = N_("The inputs of this operation were not recorded whole, so its arithmetic cannot be shown.")
CUT_GRADIENT = N_("Not everything that this gradient came back from was recorded whole.")
STARTS = N_("The backward pass starts here: the loss's gradient of itself is 1, or it was given.")
SUM_OF_USES = r"\frac{\partial L}{\partial x} = \sum_{\text{use}} \frac{\partial L}{\partial x_{\text{use}}}"
PRECISION = 256  # rounding errors of torch's precision, of all terms together
OUTSIDE = N_("There is no such cell.")


class OpenedData(TypedDict):
    """A cell: ``sentence`` says why there is no explanation; ``more`` terms are not listed."""

    sentence: str
    value: Any
    explanation: ExplanationData | None
    more: int


def open_cell(call: RecordedCall | None, part: int, index: list[int]) -> OpenedData:
    """Open cell ``index`` of output ``part``; None for a call that was not kept."""
    if call is None:
        return _only(CUT)
    if not 0 <= part < len(call.outputs):
        return _only(OUTSIDE)
    shape = call.outputs[part].shape
    if len(index) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        return _only(OUTSIDE)
    torch_call, outputs = call.call()
    parts = explain.parts(torch_call, outputs)
    if part >= len(parts):
        return _only(UNKNOWN)
    with torch.no_grad():
        explanation = explain.value(parts[part], tuple(index))
    if explanation is None:
        return _only(UNKNOWN)
    return _listed(explanation)


def open_gradient(
    gradient: RecordedGradient | None, calls: Mapping[int, RecordedCall], index: list[int]
) -> OpenedData:
    """Open cell ``index`` of a gradient; ``calls`` holds those that it came back from."""
    if gradient is None:
        return _only(CUT_GRADIENT)
    shape = gradient.gradient.shape
    if len(index) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        return _only(OUTSIDE)
    if not gradient.uses:
        return _only(STARTS)
    if any(use.operation not in calls for use in gradient.uses):
        return _only(CUT_GRADIENT)
    whole = gradient.gradient.tensor()
    with torch.no_grad():
        parts = [_came_back(calls[use.operation], use, whole, tuple(index)) for use in gradient.uses]
    explanations = [one for one in parts if one is not None]
    if len(explanations) < len(parts):
        return _only(UNKNOWN)
    explanation = (
        explanations[0] if len(explanations) == 1 else _sum(explanations, gradient.uses, whole, tuple(index))
    )
    if not _is_near(explanation, whole):
        return _only(UNKNOWN)  # a hook changed it, or it was added up in another precision
    return _listed(explanation)


def _came_back(call: RecordedCall, use: Use, whole: Tensor, index: Index) -> Explanation | None:
    """Return what came back through one use, where its arithmetic is written out."""
    torch_call, outputs = call.call()
    tensor = torch_call.tensors.get(use.argument)
    if tensor is None or tensor.shape != whole.shape:
        return None
    arrived = [None if one is None else one.tensor() for one in use.arrived]
    if any(g is not None and g.shape != o.shape for g, o in zip(arrived, outputs, strict=False)):
        return None
    return explain.gradient_of_parts(explain.parts(torch_call, outputs), use.argument, arrived, whole, index)


def _sum(parts: list[Explanation], uses: tuple[Use, ...], whole: Tensor, index: Index) -> Explanation:
    """Return a gradient that came back from several calls: one term each."""
    names = [f"{use.argument} (operation {use.operation + 1})" for use in uses]
    terms = tuple(Term((Factor(name, part.result),), part.result) for name, part in zip(names, parts, strict=True))
    result = math.fsum(part.result for part in parts)
    return Explanation(
        parts[0].target,
        index,
        SUM_OF_USES,
        terms,
        result,
        float(whole[index]),
        scale=sum(p.magnitude for p in parts),
    )


def _is_near(explanation: Explanation, whole: Tensor) -> bool:
    eps = torch.finfo(whole.dtype).eps if whole.is_floating_point() else 0.0
    size = max(explanation.magnitude, abs(explanation.torch_value))
    return not math.isfinite(size) or explanation.difference <= PRECISION * eps * size


def _listed(explanation: Explanation) -> OpenedData:
    data = plain(explanation)
    more = max(0, len(data["terms"]) - MOST_TERMS)
    data["terms"] = data["terms"][:MOST_TERMS]
    return OpenedData(sentence="", value=data["torch"], explanation=data, more=more)


def _only(sentence: str) -> OpenedData:
    return OpenedData(sentence=sentence, value=None, explanation=None, more=0)
