"""Shapes that do not fit an operation: matrix products, broadcasting, views, cat, indices."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Mapping

from torch import Tensor

from core.errors import N_
from core.script.causes.dimensions import other_dim
from core.script.causes.origins import reshaped_once
from core.script.causes.table import (
    Cause,
    Details,
    located,
    optional,
    replaced,
    shapes,
    whole,
    wrapped,
)
from core.script.failure import Failure, value_of
from core.script.kinds import is_a
from core.script.source import last_name, number

Groups = Mapping[str, str]
PRODUCTS = ("mm", "mv", "dot")


def _batches(failure: Failure, _groups: Groups) -> Details | None:
    """The dimensions before the last two of a matrix product differ."""
    return shapes(failure) if failure.call in ("matmul", "__matmul__", "__rmatmul__", "bmm") else None


def _single(failure: Failure, _groups: Groups) -> Details | None:
    """``loss.data[0]`` as ``loss.item()``."""
    node = located(failure)
    if not isinstance(node, ast.Subscript):
        return {}
    text = failure.source.segment(node.value).removesuffix(".data")
    return {"line": node.lineno, "code": failure.source.with_change(node, f"{text}.item()")}


def _matmul(failure: Failure, _groups: Groups) -> Details | None:
    values = shapes(failure)
    if len(failure.tensors) < 2:
        return values
    (_, a), (name, b) = failure.tensors[:2]
    fits = a.dim() == b.dim() >= 2 and a.shape[-1] == b.shape[-1]
    form = "{}.T" if b.dim() == 2 else "{}.transpose(-2, -1)"
    node = located(failure)
    if fits and isinstance(node, ast.BinOp) and failure.source.segment(node.left) == name:  # z @ z
        text = form.format(name)
        return values | {"line": node.right.lineno, "code": failure.source.with_change(node.right, text)}
    return values | dict((wrapped(failure, name, form) or {}) if fits else {})


def _contiguous(failure: Failure, _groups: Groups) -> Details | None:
    return replaced(failure, ".view(", ".reshape(")


def _trailing(failure: Failure, _groups: Groups) -> Details | None:
    """(N, C) against (N,): the second needs a dimension."""
    values = shapes(failure)
    if len(failure.tensors) < 2:
        return values
    (first, a), (second, b) = failure.tensors[:2]
    if a.dim() == 2 and b.dim() == 1 and a.shape[0] == b.shape[0]:
        return values | _column(failure, second, b)
    if b.dim() == 2 and a.dim() == 1 and a.shape[0] == b.shape[0]:
        return values | _column(failure, first, a)
    return values


def _column(failure: Failure, name: str, tensor: Tensor) -> dict[str, object]:
    once = reshaped_once(failure, name, tensor, "unsqueeze(1)")
    return dict(once or wrapped(failure, name, "{}.unsqueeze(1)") or {})


def _names(failure: Failure, _groups: Groups) -> Details | None:
    return shapes(failure)


def _index_dims(failure: Failure, _groups: Groups) -> Details | None:
    index, values = failure.tensor("index"), shapes(failure)
    one_less = index is not None and len(failure.tensors) > 1 and index[1].dim() + 1 == failure.tensors[0][1].dim()
    return values | dict((wrapped(failure, index[0], "{}.unsqueeze(1)") or {}) if index and one_less else {})


def _stacked(failure: Failure) -> Details | None:
    node = located(failure)
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("torch.tensor", "torch.Tensor"):
        return None
    return {"line": node.lineno, "code": failure.source.with_change(node.func, "torch.stack")}


def _stack_for_cat(failure: Failure) -> Details | None:
    node = located(failure)
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "torch.cat":
        return None
    return {"line": node.lineno, "code": failure.source.with_change(node.func, "torch.stack")}


def _listed(failure: Failure, _groups: Groups) -> Details | None:
    """``torch.cat(a, b)`` as ``torch.cat([a, b])``."""
    node = located(failure)
    if not isinstance(node, ast.Call) or any(isinstance(one, ast.Starred) for one in node.args):
        return None
    names = {"call": last_name(node.func)}
    joined = list(itertools.takewhile(lambda one: not _is_dim(failure, one), node.args))
    if len(joined) < 2 or joined[0].lineno != joined[-1].end_lineno:
        return names
    texts = ", ".join(map(failure.source.segment, joined))
    rest = [failure.source.segment(one) for one in node.args[len(joined) :]]
    rest += [failure.source.segment(one) for one in node.keywords]
    call = ", ".join([f"[{texts}]", *rest])
    code = failure.source.with_change(node, f"{failure.source.segment(node.func)}({call})")
    return names | ({"line": node.lineno, "code": code} if node.lineno == node.end_lineno else {})


def _is_dim(failure: Failure, node: ast.expr) -> bool:
    return number(node) is not None or is_a(value_of(node, failure.variables), int)


def _product(failure: Failure, _groups: Groups) -> Details | None:
    """``torch.mm(x, v)`` as ``torch.matmul(x, v)``, where that multiplies them."""
    node, values = located(failure), shapes(failure)
    if failure.call not in PRODUCTS or len(failure.tensors) < 2:
        return None
    values |= {"call": failure.call}
    (_, a), (_, b) = failure.tensors[:2]
    fits = bool(a.dim() and b.dim()) and a.shape[-1] == b.shape[0 if b.dim() == 1 else -2]
    if not fits or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return values
    func = f"{failure.source.segment(node.func.value)}.matmul"
    return values | {"line": node.lineno, "code": failure.source.with_change(node.func, func)}


def _bmm(failure: Failure, _groups: Groups) -> Details | None:
    """``bmm`` of a batch of matrices and a batch of vectors."""
    values = shapes(failure)
    if failure.call != "bmm" or len(failure.tensors) < 2:
        return values
    (first, a), (second, b) = failure.tensors[:2]
    if a.dim() == 3 and b.dim() == 2 and a.shape[0] == b.shape[0]:
        return values | dict(wrapped(failure, second, "{}.unsqueeze(2)") or {})
    if b.dim() == 3 and a.dim() == 2 and a.shape[0] == b.shape[0]:
        return values | dict(wrapped(failure, first, "{}.unsqueeze(1)") or {})
    return values


CAUSES = (
    Cause(
        "matmul_shapes",
        r"X1 and X2 must have the same number of columns",
        N_("cdist compares rows of one length, and gets {first} and {second}."),
        N_("Change one of the sizes, or transpose one side."),
        _names,
    ),
    Cause(
        "stack_sizes",
        r"expected sequence of length (?P<first>\d+) at dim \d+ \(got (?P<second>\d+)\)",
        N_("The rows of a tensor are equally long, and here are lists of {first} and of {second}."),
        N_("Pad them to one length, or use nn.utils.rnn.pad_sequence."),
    ),
    Cause(
        "matmul_shapes",
        r"batch[12] must be a 3D tensor",
        N_("bmm multiplies batches of matrices, (B, n, m) and (B, m, p), and gets {first} and {second}."),
        N_("Make matrices of the vectors: x.unsqueeze(2) for columns, x.unsqueeze(1) for rows; or use @."),
        _bmm,
    ),
    Cause(
        "matmul_shapes",
        r"^\w+: mm: (?:self|mat2) must be a matrix|vector \+ matrix @ vector expected"
        r"|1D tensors expected, but got \dD and",
        N_(
            "mm multiplies two matrices, mv a matrix and a vector, dot two vectors; {call} gets {first} and"
            " {second}."
        ),
        N_("Use @, which takes matrices and vectors, and change one of the shapes where they do not fit."),
        _product,
    ),
    Cause(
        "matmul_shapes",
        r"mat1 and mat2 shapes cannot be multiplied|size mismatch, (?:got|m1)|inconsistent tensor size, expected"
        r"|Expected size for first two dimensions of batch2|expected m1 and m2",
        N_(
            "A matrix product needs as many columns on the left as rows on the right: {first} and"
            " {second} do not fit."
        ),
        N_("Transpose one side (b.T), or change one of the sizes."),
        _matmul,
    ),
    Cause(
        "view_not_contiguous",
        r"view size is not compatible with input tensor's size and stride",
        N_("After transpose or permute the numbers lie in memory in another order, and view does not move them."),
        N_("Write reshape in place of view, or .contiguous().view(…)."),
        optional(_contiguous),
    ),
    Cause(
        "view_size",
        r"shape '(?P<shape>[^']+)' is invalid for input of size (?P<size>\d+)",
        N_("A view keeps the count of numbers: {size} do not fit into {shape}."),
        N_("Let one size be found: x.view(x.size(0), -1)."),
    ),
    Cause(
        "list_of_tensors",
        r"argument 'tensors' \(position 1\) must be tuple of Tensors, not Tensor"
        r"|(?:[hvd]stack|(?:column|row)_stack)\(\) takes 1 positional argument but \d were given"
        r"|(?:cat|stack)\(\) takes from 1 to 2 positional arguments but \d were given",
        N_("{call} takes its tensors as one argument: a list or a tuple of them."),
        N_("Put the tensors in brackets: {call}([a, b])"),
        _listed,
    ),
    Cause(
        "cat_sizes",
        r"Sizes of tensors must match except in dimension (?P<dim>\d+)|Tensors must have same number of dimensions",
        N_("torch.cat joins along one dimension, and all others must have the same size: {first}, {second}."),
        N_("Choose another dim, or bring the other sizes together first."),
        lambda failure, _: shapes(failure) | dict(other_dim(failure)),
    ),
    Cause(
        "cat_sizes",
        r"zero-dimensional tensor \(at position \d+\) cannot be concatenated",
        N_("torch.cat joins along a dimension that is there, and a single number has none."),
        N_("Write torch.stack(list), which makes a new dimension."),
        optional(lambda failure, _: _stack_for_cat(failure)),
    ),
    Cause(
        "stack_sizes",
        r"stack expects each tensor to be equal size",
        N_("Samples of a batch are stacked, so all of them must have the same shape."),
        N_("Resize or pad them in the Dataset, or give the DataLoader a collate_fn."),
    ),
    Cause(
        "matmul_shapes",
        r"size of tensor a \(\d+\) must match the size of tensor b \(\d+\)|batch1 and batch2 must have same",
        N_(
            "A matrix product is of the last two dimensions; those before them must be equal, or one of them 1:"
            " {first}, {second}."
        ),
        N_("Swap the last two dimensions, not others: k.transpose(-2, -1)"),
        _batches,
    ),
    Cause(
        "broadcast",
        r"size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\)"
        r"|Sizes of tensors must match|output with shape .* doesn't match the broadcast shape"
        r"|shape mismatch: value tensor|The expanded size of the tensor",
        N_("Shapes are compared from the right; each pair must be equal, or one of them 1: {first}, {second}."),
        N_("Bring both to one shape with unsqueeze, squeeze or reshape."),
        _trailing,
    ),
    Cause(
        "numpy_shapes",
        r"not aligned|operands could not be broadcast|matmul: Input operand \d has a mismatch",
        N_("The shapes of these arrays do not fit together: {first}, {second}."),
        N_("Print both shapes; transpose one with .T, or change the size where it is made."),
        lambda failure, _: failure.array_shapes,
    ),
    Cause(
        "index_dims",
        r"Index tensor must have the same number of dimensions as (?:input|self|src) tensor",
        N_("gather and scatter take an index with as many dimensions as the tensor has: {first}, {second}."),
        N_("Give the index the missing dimension: index.unsqueeze(1)"),
        _index_dims,
    ),
    Cause(
        "permute_dims",
        r"number of dimensions in the tensor input does not match the length of the desired ordering",
        N_("permute names every dimension of the tensor once, in the new order: {first}."),
        N_("Name all of them, or swap two with transpose(dim0, dim1)."),
        _names,
    ),
    Cause(
        "too_many_indices",
        r"invalid index of a 0-dim tensor",
        N_("The tensor is one number, without a dimension that could be indexed."),
        N_("Write loss.item() for the number."),
        _single,
    ),
    Cause(
        "too_many_indices",
        r"too many indices for tensor of dimension (?P<dims>\d+)"
        r"|Dimension out of range \(expected to be in range of",
        N_("The tensor has fewer dimensions than the line takes for granted."),
        N_("Print its shape; add a dimension with unsqueeze, or leave out an index."),
    ),
    Cause(
        "index_out_of_bounds",
        r"index (?P<index>-?\d+) is out of bounds for dimension (?P<dim>\d+) with size (?P<size>\d+)",
        N_("Indices of dimension {dim} go from 0 to {size} - 1; {index} is none."),
        N_("Count from 0, and compare with the size."),
    ),
    Cause(
        "tensor_of_tensors",
        r"only one element tensors can be converted|a Tensor with \d+ elements cannot be converted to Scalar",
        N_("torch.tensor makes a tensor out of numbers, and this list holds tensors."),
        N_("Write torch.stack(list), which puts tensors of one shape on top of each other."),
        lambda failure, _: _stacked(failure),
    ),
    Cause(
        "one_number",
        r"a Tensor with \d+ elements cannot be converted to Scalar|only one element tensors can be converted"
        r"|only (?:length|size)-1 arrays can be converted",
        N_("item(), int() and float() take a tensor of one number."),
        N_("Reduce it first: .mean(), .sum(), or .tolist() for all numbers."),
    ),
    Cause(
        "ambiguous_truth",
        r"[Bb]ool(?:ean)? value of Tensor with (?:more than one|no) value",
        N_("if and while need one truth value, and the comparison gives one for each number."),
        N_("Write (…).all() or (…).any()."),
        optional(lambda failure, _: whole(failure, "({}).all()")),
    ),
)
