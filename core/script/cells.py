"""Opens one cell of a tensor that a recorded call made, from the inputs that were recorded with it."""

from __future__ import annotations

from typing import Any, TypedDict

import torch

from core.errors import N_
from core.ops import explain
from core.ops.plain import ExplanationData, plain
from core.script.calls import RecordedCall

MOST_TERMS = 1_000  # that are listed
UNKNOWN = N_("The arithmetic of this operation is not written out here; the number is torch's.")
CUT = N_("The inputs of this operation were not recorded whole, so its arithmetic cannot be shown.")
OUTSIDE = N_("There is no such cell.")


class OpenedData(TypedDict):
    """A cell: ``sentence`` says why there is no explanation; ``more`` terms are not listed."""

    sentence: str
    value: Any
    explanation: ExplanationData | None
    more: int


def opened(call: RecordedCall | None, part: int, index: list[int]) -> OpenedData:
    """Open cell ``index`` of output ``part``; None for a call that was not kept."""
    if call is None:
        return _only(CUT)
    if not 0 <= part < len(call.outputs):
        return _only(OUTSIDE)
    shape = call.outputs[part].shape
    if len(index) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        return _only(OUTSIDE)
    made, outputs = call.call()
    parts = explain.parts(made, outputs)
    if part >= len(parts):
        return _only(UNKNOWN)
    with torch.no_grad():
        explanation = explain.value(parts[part], tuple(index))
    if explanation is None:
        return _only(UNKNOWN)
    data = plain(explanation)
    more = max(0, len(data["terms"]) - MOST_TERMS)
    data["terms"] = data["terms"][:MOST_TERMS]
    return OpenedData(sentence="", value=data["torch"], explanation=data, more=more)


def _only(sentence: str) -> OpenedData:
    return OpenedData(sentence=sentence, value=None, explanation=None, more=0)
