"""``scaled_dot_product_attention`` as the composition that it is: softmax(Q Kᵀ / √d) V."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops.definition import Definition
from core.ops.entries import arrow
from core.ops.explanation import Call, Explanation, Factor, Index, Term
from core.ops.latex import number
from core.ops.operator import Argument, Formula, Operator, Surprise, TooLarge, Values, random
from core.ops.places import places_of
from core.ops.pointwise import narrowed
from core.ops.terms import product, summed
from core.ops.whole import Array, Hand, array, largest

VALUE = (
    r"y_{i,e} = \sum_j p_{i,j}\, v_{j,e},\qquad p_{i,\cdot} = \mathrm{softmax}\big(q_i \cdot k_j\,/\sqrt{d}\big)"
)
GRADIENTS = {
    "value": r"\frac{\partial L}{\partial v_{j,e}} = \sum_i p_{i,j}\, g_{i,e}",
    "query": r"\frac{\partial L}{\partial q_{i,d}} = \frac{1}{\sqrt{d}} \sum_j s_{i,j}\, k_{j,d},\qquad"
    r" s = p \odot \big(g\,v^T - \sum_e g\,y\big)",
    "attn_mask": r"\frac{\partial L}{\partial m_{i,j}} = \sum s_{i,j},\qquad"
    r" s = p \odot \big(g\,v^T - \sum_e g\,y\big)",
    "key": r"\frac{\partial L}{\partial k_{j,d}} = \frac{1}{\sqrt{d}} \sum_i s_{i,j}\, q_{i,d},\qquad"
    r" s = p \odot \big(g\,v^T - \sum_e g\,y\big)",
}


def _is_known(call: Call) -> bool:
    options = call.options
    return not options.get("dropout_p") and not options.get("enable_gqa")


def factor(call: Call) -> float:
    """Return what the scores are multiplied by: 1/√d, or ``scale``."""
    scale = call.options.get("scale")
    return float(scale) if scale is not None else 1 / math.sqrt(call.tensors["query"].shape[-1])


def weights(call: Call) -> Array:
    """Return p: for each query, how much it takes of every value."""
    query, key = array(call.tensors["query"]), array(call.tensors["key"])
    scores = query @ key.swapaxes(-1, -2) * factor(call)
    if call.options.get("is_causal"):
        scores = np.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -np.inf)
    mask = call.tensors.get("attn_mask")
    if mask is not None and mask.dtype == torch.bool:
        scores = np.where(mask.cpu().numpy(), scores, -np.inf)
    elif mask is not None:
        scores = scores + array(mask)
    most = scores.max(-1, keepdims=True, initial=-np.inf)
    powers = np.where(np.isneginf(most), 0.0, np.exp(scores - np.where(np.isneginf(most), 0.0, most)))
    whole = powers.sum(-1, keepdims=True)
    return np.asarray(powers / np.where(whole == 0, 1.0, whole))  # a query that may use no key takes nothing


def _unit(call: Call) -> float:
    """Return how far rounding can shift a weight, relatively: as far as the largest score is rounded."""
    query, key = (np.abs(array(call.tensors[name])) for name in ("query", "key"))
    return 2 + 2 * largest(query @ key.swapaxes(-1, -2)) * abs(factor(call))


def whole(call: Call) -> Hand | None:
    """softmax(Q Kᵀ / √d) V"""
    if not _is_known(call):
        return None
    p, v = weights(call), array(call.tensors["value"])
    scale = p @ np.abs(v) * _unit(call)
    return Hand(np.asarray(p @ v), np.asarray(scale), p.shape[-1] + call.tensors["query"].shape[-1], largest(scale))


def _scores(call: Call, g: Array) -> tuple[Array, Array]:
    """Return s, the gradient of the scores before they are scaled, and the sum of magnitudes behind it."""
    p, v = weights(call), array(call.tensors["value"])
    grad_p, size = g @ v.swapaxes(-1, -2), np.abs(g) @ np.abs(v).swapaxes(-1, -2)
    return p * (grad_p - (p * grad_p).sum(-1, keepdims=True)), p * (size + (p * size).sum(-1, keepdims=True))


def whole_gradient(call: Call, which: str, g: Array) -> Hand | None:
    """V: Pᵀ g; Q: s K / √d; K: sᵀ Q / √d, with s = P ⊙ (g Vᵀ − Σ g Y)"""
    if not _is_known(call):
        return None
    shape = tuple(call.tensors[which].shape)
    if which == "attn_mask":
        s, size = _scores(call, g)
        numbers, scale = s, size
    elif which == "value":
        p = weights(call).swapaxes(-1, -2)
        numbers, scale = p @ g, p @ np.abs(g)
    else:
        s, size = _scores(call, g)
        other = array(call.tensors["key" if which == "query" else "query"])
        if which == "key":
            s, size = s.swapaxes(-1, -2), size.swapaxes(-1, -2)
        numbers, scale = s @ other * factor(call), size @ np.abs(other) * abs(factor(call))
    numbers, scale = narrowed(numbers, shape), narrowed(scale, shape) * _unit(call)
    terms = weights(call).shape[-1] + weights(call).shape[-2] + g.shape[-1]
    return Hand(numbers, scale, terms, largest(scale))


def _batch(call: Call, name: str, index: Index) -> Index:
    """Return the batch entry of the tensor that a cell of the output, in entry ``index``, reads."""
    lead = call.tensors[name].shape[:-2]
    aligned = index[len(index) - len(lead) :]
    return tuple(0 if size == 1 else i for size, i in zip(lead, aligned, strict=True))


def value(call: Call, index: Index) -> Explanation | None:
    """Open one cell: each value's number times the weight that this query gives it."""
    hand = whole(call)
    if hand is None:
        return None
    *lead, i, e = index
    p, v = weights(call), call.tensors["value"]
    terms = []
    for j in range(v.shape[-2]):
        own = product(("v", v, "value", (*_batch(call, "value", tuple(lead)), j, e))).factors[0]
        weight = Factor("p", float(p[(*lead, i, j)]), "key", (*_batch(call, "key", tuple(lead)), j, 0))
        terms.append(Term((weight, own), weight.value * own.value))
    shares = r",\;".join(number(float(each)) for each in p[(*lead, i)][:6])
    more = r",\;\dots" if p.shape[-1] > 6 else ""
    steps = (rf"p = ({shares}{more})",)
    result, torch_value = summed(term.value for term in terms), call.output[index].item()
    scale = float(hand.scale[index])
    return Explanation("output", index, VALUE, tuple(terms), result, torch_value, "sum", steps, scale)


def _mask_gradient(call: Call, hand: Hand, g: Array, grad: Tensor, index: Index) -> Explanation:
    """Open one cell of a mask's gradient: s, added up over the entries that share the mask."""
    s, _ = _scores(call, g)
    places = places_of(grad.shape, index, s.shape)
    terms = tuple(Term((Factor("s", float(s[place])),), float(s[place])) for place in places)
    result, torch_value = summed(term.value for term in terms), grad[index].item()
    scale = float(hand.scale[index])
    return Explanation("attn_mask", index, GRADIENTS["attn_mask"], terms, result, torch_value, "sum", (), scale)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open one cell of a gradient: of a value, g by the weights; of a query or key, the gradients of its scores."""
    hand = whole_gradient(call, which, array(grad_output))
    if hand is None:
        return None
    if which == "attn_mask":
        return _mask_gradient(call, hand, array(grad_output), grad, index)
    if tuple(call.tensors[which].shape[:-2]) != tuple(call.output.shape[:-2]):
        return None  # cells of a tensor that was broadcast over the batch are not opened
    *lead, row, column = index
    g, terms = array(grad_output), []
    p, (s, _) = weights(call), _scores(call, g)
    if which == "value":
        for i in range(p.shape[-2]):
            place = (*lead, i, column)
            share, own = float(p[(*lead, i, row)]), float(g[place])
            terms.append(Term((Factor("p", share), Factor("g", own, "grad_output", place)), share * own))
    else:
        other = "key" if which == "query" else "query"
        for j in range(call.tensors[other].shape[-2]):
            pair = (*lead, row, j) if which == "query" else (*lead, j, row)
            place = (*_batch(call, other, tuple(lead)), j, column)
            met = product((other[0], call.tensors[other], other, place)).factors[0]
            factors = (Factor("s", float(s[pair])), met, Factor(r"1/\sqrt{d}", factor(call)))
            terms.append(Term(factors, math.prod(each.value for each in factors)))
    result, torch_value = summed(term.value for term in terms), grad[index].item()
    scale = float(hand.scale[index])
    return Explanation(which, index, GRADIENTS[which], tuple(terms), result, torch_value, "sum", (), scale)


def _formula(values: Values) -> Formula:
    query, key = values["shape"], values["key"]
    if len(query) != 3 or len(key) != 3 or query[0] != key[0]:
        raise TooLarge(
            N_("this lesson shows query and key of three dimensions and one batch size, not {query} and {key}"),
            query=query,
            key=key,
        )
    if query[2] != key[2]:
        raise InvalidSetting(
            N_(
                "query has {query} {query:number|numbers} for each token and key {key}: they are multiplied in "
                "pairs"
            ),
            query=query[2],
            key=key[2],
        )
    rule = r"(N, L, E),\,(N, S, E),\,(N, S, E) \to (N, L, E)"
    return Formula((rule, arrow(query, query, key, key)), query)


MIXES = N_("Compares each query with every key; softmax turns the scores into weights, which mix the values.")
ENTRY = Operator(
    "scaled_dot_product_attention",
    "torch.nn.functional.scaled_dot_product_attention",
    "layers",
    "F.scaled_dot_product_attention(query, key, is_causal=False)",
    MIXES,
    "torch.nn.functional.scaled_dot_product_attention",
    (
        Argument("shape", "shape", "1, 3, 4", examples=("2, 2, 3", "1, 1, 4", "3, 4")),
        Argument("key", "shape", "1, 3, 4", examples=("1, 5, 4", "1, 2, 3", "2, 2, 3")),
        Argument("is_causal", "bool", False),
    ),
    lambda values: [
        random("x", values["shape"]),
        random("key", values["key"]),
        random("value", values["key"]),
        f"y = F.scaled_dot_product_attention(x, key, value, is_causal={values['is_causal']})",
    ],
    _formula,
    lambda names, values: Call(
        "scaled_dot_product_attention",
        {"query": names["x"], "key": names["key"], "value": names["value"]},
        {"is_causal": values["is_causal"]},
        names["y"],
    ),
    Surprise(
        N_("A text is continued: one query, four keys, is_causal=True. Which keys does the query see?"),
        {"all": N_("all four"), "first": N_("the first only"), "last": N_("the last only")},
        "first",
        "import torch\nimport torch.nn.functional as F\n\nq, k = torch.zeros(1, 1, 2), torch.zeros(1, 4, 2)\n"
        "v = torch.arange(8.0).view(1, 4, 2)\nattention = F.scaled_dot_product_attention\n"
        "print('causal', attention(q, k, v, is_causal=True))\nprint('all   ', attention(q, k, v))\n",
        N_("The mask begins at the upper left: query i sees keys 0 to i. With a cache, leave it out."),
    ),
    keywords="transformer query key value softmax 注意力",
)
OPERATIONS = (
    Definition(
        ("scaled_dot_product_attention",),
        value,
        gradient,
        whole,
        whole_gradient,
        MIXES,
        {
            f"ScaledDotProduct{kind}Backward": N_(
                "Attention: the values get g by the weights; queries and keys get what their scores are sent."
            )
            for kind in ("FlashAttentionForCpu", "FlashAttention", "EfficientAttention", "CudnnAttention")
        }
        | {"SafeSoftmaxBackward": N_("softmax of the scores, 0 where no key may be used: sends p · (g − Σ p·g).")},
        operators=(ENTRY,),
    ),
)
