"""``bmm``: y_b = a_b · c_b, one matrix product for each batch entry, and what backward sends to both."""

from __future__ import annotations

from torch import Tensor

from core.ops.records import Call, Explanation
from core.ops.terms import product, total

VALUE = r"y_{bij} = \sum_k a_{bik}\,c_{bkj}"
GRADIENTS = {
    "input": r"\frac{\partial L}{\partial a_{bik}} = \sum_j g_{bij}\,c_{bkj}",
    "mat2": r"\frac{\partial L}{\partial c_{bkj}} = \sum_i a_{bik}\,g_{bij}",
}


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element (b, i, j): row i of the first matrix with column j of the second, in entry b."""
    b, i, j = index
    first, second = call.tensors["input"], call.tensors["mat2"]
    terms = [
        product(("a", first, "input", (b, i, k)), ("c", second, "mat2", (b, k, j))) for k in range(first.shape[2])
    ]
    return total("output", index, VALUE, terms, call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the gradient of "input" or "mat2": g times the other factor, summed."""
    first, second = call.tensors["input"], call.tensors["mat2"]
    b, row, column = index
    if which == "input":
        terms = [
            product(("g", grad_output, "grad_output", (b, row, j)), ("c", second, "mat2", (b, column, j)))
            for j in range(second.shape[2])
        ]
    else:
        terms = [
            product(("a", first, "input", (b, i, row)), ("g", grad_output, "grad_output", (b, i, column)))
            for i in range(first.shape[1])
        ]
    return total(which, index, GRADIENTS[which], terms, grad)
