"""``Conv2d`` with another ``padding_mode``: PyTorch pads x first, so each padded cell is one cell of x."""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from core.ops import explain
from core.ops.places import cell
from core.ops.records import Call, Explanation, Factor, Term
from core.ops.terms import total
from core.windows.axis import padding_pairs, pair

Index = tuple[int, ...]


def applies(call: Call) -> bool:
    """Say whether ``call`` is a convolution that pads with something other than zeros."""
    return call.name == "conv2d" and call.options.get("padding_mode", "zeros") != "zeros"


def value(call: Call, index: Index) -> Explanation | None:
    """Open one output cell; its terms name the cells of x that the padding repeats."""
    inner, origin = _padded(call)
    opened = explain.value(inner, index)
    return opened and replace(opened, terms=tuple(_renamed(term, origin, call) for term in opened.terms))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open one gradient cell; a cell of x collects what each of its copies in the padded image receives."""
    inner, origin = _padded(call)
    if which != "input":
        opened = explain.gradient(inner, which, grad_output, grad, index)
        return opened and replace(opened, terms=tuple(_renamed(term, origin, call) for term in opened.terms))
    own = torch.arange(grad.numel()).view(grad.shape)[index]
    copies = (origin == own).nonzero().tolist()
    empty = torch.zeros(origin.shape)
    opened_copies = [explain.gradient(inner, which, grad_output, empty, tuple(copy)) for copy in copies]
    terms = [term for opened in opened_copies if opened for term in opened.terms]
    symbolic = next((opened.symbolic for opened in opened_copies if opened), "")
    return total(which, index, symbolic, terms, grad)


def _padded(call: Call) -> tuple[Call, Tensor]:
    """Return the same convolution of the padded image, without padding, and each cell's number in x."""
    x, weight = call.tensors["input"].detach(), call.tensors["weight"]
    kernel = (weight.shape[-2], weight.shape[-1])
    height, width = padding_pairs(call.options["padding"], kernel, pair(call.options["dilation"]))
    mode = call.options["padding_mode"]
    numbers = torch.arange(x.numel(), dtype=torch.float64).view(x.shape)
    padded, origin = (F.pad(image, (*width, *height), mode=mode) for image in (x, numbers))
    inner = replace(call, tensors={**call.tensors, "input": padded}, options={**call.options, "padding": 0})
    return inner, origin.long()


def _renamed(term: Term, origin: Tensor, call: Call) -> Term:
    """Let the factors that name a padded cell name the cell of x that it copies."""
    return replace(term, factors=tuple(_renamed_factor(factor, origin, call) for factor in term.factors))


def _renamed_factor(factor: Factor, origin: Tensor, call: Call) -> Factor:
    if factor.tensor != "input" or factor.index is None:
        return factor
    return replace(factor, index=cell(int(origin[factor.index].item()), call.tensors["input"].shape))
