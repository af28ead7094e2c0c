"""One cell or a whole tensor of a call by hand, whichever operation it is; PyTorch is what it is compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from torch import Tensor

from core.ops.definition import Definition
from core.ops.explanation import HIDDEN, Call, Explanation, Factor, Index
from core.ops.registry import DEFINITIONS
from core.ops.whole import Hand, array, exact_hand


def written_out(call: Call) -> Definition | None:
    """Return the definition of ``call``'s operation; None where there is none, and for complex numbers."""
    of_complex = any(tensor.is_complex() for tensor in (*call.tensors.values(), call.output))
    return None if of_complex else DEFINITIONS.get(call.name)


def value(call: Call, index: Index) -> Explanation | None:
    """Open element ``index`` of ``call.output``; None when the operation has no written-out arithmetic."""
    operation = written_out(call)
    return None if operation is None else operation.value(call, index)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of ``grad``, the gradient of ``call.tensors[which]``; None when not written out."""
    operation = None if which.startswith(HIDDEN) else written_out(call)
    return None if operation is None else operation.gradient(call, which, grad_output, grad, index)


def whole(call: Call) -> Hand | None:
    """Return the operation's whole output by hand; None when its arithmetic is not written out."""
    operation = written_out(call)
    if operation is None or not call.output.numel():
        return None if operation is None else _nothing(call.output)
    with np.errstate(all="ignore"):
        return operation.whole(call)


def whole_gradient(call: Call, which: str, grad_output: Tensor) -> Hand | None:
    """Return the whole gradient of input ``which`` by hand; None when its arithmetic is not written out."""
    operation = None if which.startswith(HIDDEN) else written_out(call)
    if operation is None:
        return None
    if not (call.output.numel() and call.tensors[which].numel()):
        return _nothing(call.tensors[which])
    with np.errstate(all="ignore"):
        return operation.whole_gradient(call, which, array(grad_output))


def _nothing(like: Tensor) -> Hand:
    """Return what comes of no numbers: an empty tensor, or the zeros of a gradient that nothing reached."""
    return exact_hand(np.zeros(tuple(like.shape)))


def parts(call: Call, outputs: Sequence[Tensor]) -> list[Call]:
    """Return the call once for each of its outputs; only the first where its definition knows no others."""
    operation = written_out(call)
    if operation is None or not operation.several:
        return [call]
    return [replace(call, output=output, part=k) for k, output in enumerate(outputs)]


def gradient_of_parts(
    calls: Sequence[Call], which: str, grad_outputs: Sequence[Tensor | None], grad: Tensor, index: Index
) -> Explanation | None:
    """Open an element of a gradient that comes back from each part: their sum; None when not written out.

    The factors name what arrives at the parts "grad_output", "grad_output[1]", ...
    """
    pairs = [(call, g) for call, g in zip(calls, grad_outputs, strict=False) if g is not None]
    explanations = [_named(gradient(call, which, g, grad, index), call.part) for call, g in pairs]
    available = [each for each in explanations if each is not None]
    if not available or len(available) < len(explanations):
        return None
    if len(available) == 1:
        return available[0]
    first = next((each for each in available if each.terms), available[0])
    terms = tuple(term for each in available for term in each.terms)
    return replace(first, terms=terms, result=math.fsum(each.result for each in available))


def whole_gradient_of_parts(
    calls: Sequence[Call], which: str, grad_outputs: Sequence[Tensor | None]
) -> Hand | None:
    """Return the whole gradient of input ``which`` by hand: what comes back from each part, added up."""
    pairs = [(call, g) for call, g in zip(calls, grad_outputs, strict=False) if g is not None]
    hands = [whole_gradient(call, which, g) for call, g in pairs]
    available = [hand for hand in hands if hand is not None]
    if not available or len(available) < len(hands):
        return None
    if len(available) == 1:
        return available[0]
    numbers, scale = sum(hand.numbers for hand in available), sum(hand.scale for hand in available)
    terms, peak = sum(hand.terms for hand in available), max(hand.peak for hand in available)
    return Hand(np.asarray(numbers), np.asarray(scale), terms, peak)


def _named(explanation: Explanation | None, part: int) -> Explanation | None:
    """Return ``explanation`` with the gradient that arrived at a later part named so."""
    if explanation is None or part == 0:
        return explanation

    def named(factor: Factor) -> Factor:
        return replace(factor, tensor=f"grad_output[{part}]") if factor.tensor == "grad_output" else factor

    terms = (replace(term, factors=tuple(map(named, term.factors))) for term in explanation.terms)
    return replace(explanation, terms=tuple(terms))
