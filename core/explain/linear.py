"""``linear``: y = x Wᵀ + b, and what its backward sends to x, W and b."""

from __future__ import annotations

from torch import Tensor

from core.ops.records import Call, Explanation
from core.ops.terms import product, rows_of, total


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    r"""Open output element (..., j): :math:`y_j = \sum_k x_k W_{jk} + b_j`.

    Shapes: input (..., in_features), weight (out_features, in_features), bias (out_features) or absent.
    """
    *lead, j = index
    x, weight, bias = call.tensors["input"], call.tensors["weight"], call.tensors.get("bias")
    terms = [
        product(("x", x, "input", (*lead, k)), ("w", weight, "weight", (j, k))) for k in range(weight.shape[1])
    ]
    if bias is not None:
        terms.append(product(("b", bias, "bias", (j,))))
    return total("output", index, r"y_j = \sum_k x_k\,W_{jk} + b_j", terms, call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    r"""Open element ``index`` of the gradient of ``which`` ("input", "weight" or "bias").

    :math:`\partial L/\partial x_k = \sum_j g_j W_{jk}`,
    :math:`\partial L/\partial W_{jk} = \sum_n g_{nj} x_{nk}`, :math:`\partial L/\partial b_j = \sum_n g_{nj}`,
    with :math:`g = \partial L/\partial y` = ``grad_output``. ``grad`` is torch's gradient, for comparison.
    """
    x, weight = call.tensors["input"], call.tensors["weight"]
    rows = rows_of(x)
    if which == "input":
        *lead, k = index
        terms = [
            product(("g", grad_output, "grad_output", (*lead, j)), ("w", weight, "weight", (j, k)))
            for j in range(weight.shape[0])
        ]
        return total("input", index, r"\frac{\partial L}{\partial x_k} = \sum_j g_j\,W_{jk}", terms, grad)
    if which == "weight":
        j, k = index
        terms = [
            product(("g", grad_output, "grad_output", (*row, j)), ("x", x, "input", (*row, k))) for row in rows
        ]
        return total("weight", index, r"\frac{\partial L}{\partial W_{jk}} = \sum_n g_{nj}\,x_{nk}", terms, grad)
    terms = [product(("g", grad_output, "grad_output", (*row, index[0]))) for row in rows]
    return total("bias", index, r"\frac{\partial L}{\partial b_j} = \sum_n g_{nj}", terms, grad)
