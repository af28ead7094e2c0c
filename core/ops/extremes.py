"""``maximum`` and ``minimum`` of two tensors: the greater or the smaller; where they are equal, g is halved."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from core.errors import N_
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.places import behind, places_of
from core.ops.pointwise import narrowed
from core.ops.terms import passed, product, total
from core.ops.whole import Array, Hand, array, exact_hand

VALUES = {"maximum": r"y = \max(a, b)", "minimum": r"y = \min(a, b)"}
GRADIENT = r"\frac{\partial L}{\partial %s} = g\cdot\big([\,%s %s %s\,] + \tfrac{1}{2}\,[\,a = b\,]\big)"
LETTERS = {"input": "a", "other": "b"}


def _cells(call: Call, index: tuple[int, ...]) -> dict[str, Term]:
    return {
        name: product((letter, call.tensors[name], name, behind(index, call.tensors[name].shape)))
        for name, letter in LETTERS.items()
    }


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: both numbers and the one that is kept; nan where either is."""
    terms = _cells(call, index)
    a, b = (term.value for term in terms.values())
    result = math.nan if math.isnan(a) or math.isnan(b) else max(a, b) if call.name == "maximum" else min(a, b)
    values, torch_value = tuple(terms.values()), call.output[index].item()
    return Explanation("output", index, VALUES[call.name], values, result, torch_value, "steps", scale=abs(result))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of a gradient: g where its number was kept, g / 2 where both are equal, else 0."""
    other = "other" if which == "input" else "input"
    sign, loses = (">", "<") if call.name == "maximum" else ("<", ">")
    own, its = LETTERS[which], LETTERS[other]
    shape = torch.broadcast_shapes(call.tensors["input"].shape, call.tensors["other"].shape)
    terms = []
    for place in places_of(call.tensors[which].shape, index, shape):
        cells = _cells(call, place)
        x, y = cells[which].value, cells[other].value
        g = product(("g", grad_output, "grad_output", place))
        if x == y:
            terms.append(Term((*g.factors, Factor("1/2", 0.5)), g.value / 2))
        else:
            beaten = x < y if loses == "<" else x > y
            terms.append(passed(g, f"[{own} {sign} {its}]", not beaten, which, index))
    return total(which, index, GRADIENT % (own, own, sign, its), terms, grad)


def whole(call: Call) -> Hand:
    """The greater or the smaller of two numbers"""
    choose = np.maximum if call.name == "maximum" else np.minimum
    return exact_hand(choose(array(call.tensors["input"]), array(call.tensors["other"])))


def whole_gradient(call: Call, which: str, g: Array) -> Hand:
    """g where this side was kept, g / 2 where both are equal, else 0; added up where it was broadcast"""
    own, other = (array(call.tensors[name]) for name in ((which, "other" if which == "input" else "input")))
    beaten = own < other if call.name == "maximum" else own > other
    share = np.where(own == other, g / 2, np.where(beaten, 0.0, g))
    return Hand(narrowed(share, own.shape), narrowed(np.abs(share), own.shape), share.size // max(own.size, 1))


EXTREME = N_("Sends g to the number that was kept, half of it to both where they are equal.")
OPERATIONS = (
    Definition(
        ("maximum",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("The greater of two numbers, cell by cell."),
        {"MaximumBackward": EXTREME},
    ),
    Definition(
        ("minimum",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("The smaller of two numbers, cell by cell."),
        {"MinimumBackward": EXTREME},
    ),
)
