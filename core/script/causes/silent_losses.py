"""Losses that raise nothing and measure the wrong thing."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import math
from typing import Any
from weakref import ref

import torch
from torch import Tensor
from torch.autograd.graph import Node

from core.errors import N_
from core.script.events import Progress, TorchCall, Watch
from core.script.graph import behind, kind
from core.script.kinds import is_a
from core.script.tensor_facts import grad_fn

# Nodes behind which the numbers are the same: squeeze(1), view(-1, classes), out[:, -1], float().
SAME_NUMBERS = (
    *("SqueezeBackward", "UnsqueezeBackward", "ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward"),
    *("SelectBackward", "SliceBackward", "IndexBackward", "TransposeBackward", "PermuteBackward", "TBackward"),
    *("CloneBackward", "ToCopyBackward", "AliasBackward", "ExpandBackward"),
)


def made_by(tensor: Tensor, *names: str) -> bool:
    """Return whether a node of these names, such as "SoftmaxBackward", made the numbers; views are passed over."""
    node = grad_fn(tensor)
    while node is not None and kind(node) in SAME_NUMBERS:
        node = node.next_functions[0][0]
    return node is not None and kind(node) in names


class SoftmaxBeforeCrossEntropy(Watch):
    """cross_entropy is given probabilities, and applies log_softmax to them once more."""

    operations = ("cross_entropy",)

    def operation(self, call: TorchCall) -> None:
        """Look at the sums of the rows."""
        scores = call.tensor("input", 0)
        if scores is None or scores.dim() < 2 or not made_by(scores, "SoftmaxBackward", "SigmoidBackward"):
            return
        classes = scores.shape[1]
        sums = scores.detach().sum(1)
        best = math.log(1 + (classes - 1) * math.exp(-1))
        self.report(
            "softmax_before_cross_entropy",
            call.line,
            N_(
                "cross_entropy applies log_softmax itself, and its input went through softmax or sigmoid"
                " already: row"
                " sums {low:.4f} to {high:.4f}. With {classes} classes the loss cannot fall below {best:.4f}."
            ),
            N_("Return the logits, without softmax; apply softmax only to show probabilities."),
            low=sums.min().item(),
            high=sums.max().item(),
            classes=classes,
            best=best,
        )


class OneClass(Watch):
    """cross_entropy over one class: its probability is 1, whatever the score, and the loss 0."""

    operations = ("cross_entropy",)

    def operation(self, call: TorchCall) -> None:
        """Look at the number of scores a sample."""
        scores = call.tensor("input", 0)
        if scores is None or scores.dim() != 2 or scores.shape[1] != 1 or not scores.requires_grad:
            return
        self.report(
            "one_class",
            call.line,
            N_(
                "cross_entropy gets one score a sample, {shape}: among one class its probability is always 1, so"
                " the loss is {loss:.4g} and every gradient 0."
            ),
            N_("Use BCEWithLogitsLoss with one output, or give the last layer one output for each class."),
            shape=str(list(scores.shape)),
            loss=call.result.item() if call.result.numel() == 1 else 0.0,
        )


class NllWithoutLog(Watch):
    """nll_loss takes log-probabilities: the exponentials of a row sum to 1."""

    operations = ("nll_loss",)

    def operation(self, call: TorchCall) -> None:
        """Look at the sum of the exponentials."""
        scores = call.tensor("input", 0)
        if scores is None or scores.dim() < 2 or scores.numel() > 1_000_000:
            return
        if made_by(scores, "LogSoftmaxBackward"):
            return  # over another dimension, which is told of the softmax
        sums = torch.logsumexp(scores.detach().double(), 1).exp()
        worst = sums[(sums - 1).abs().argmax()] if sums.dim() == 1 and sums.numel() else None
        if worst is not None and abs(worst.item() - 1) > 0.01:
            self.report(
                "nll_without_log_softmax",
                call.line,
                N_(
                    "nll_loss takes log-probabilities, whose exponentials sum to 1 in each row; here a row sums to"
                    " {total:.4g}. The loss is {loss:.4g}."
                ),
                N_("Use log_softmax at the end of the model, or cross_entropy on the logits."),
                total=worst.item(),
                loss=call.result.item() if call.result.numel() == 1 else float("nan"),
            )


class SigmoidTwice(Watch):
    """BCEWithLogitsLoss applies a sigmoid itself."""

    operations = ("binary_cross_entropy_with_logits",)

    def operation(self, call: TorchCall) -> None:
        """Look at what made the input."""
        scores = call.tensor("input", 0)
        if scores is None or not made_by(scores, "SigmoidBackward", "SoftmaxBackward"):
            return
        low, high = scores.min().item(), scores.max().item()
        self.report(
            "sigmoid_twice",
            call.line,
            N_(
                "BCEWithLogitsLoss applies a sigmoid itself, and its input went through one already: from"
                " {low:.4f} to"
                " {high:.4f}, so that no probability can leave 0.5000 to 0.7311."
            ),
            N_("Leave the sigmoid out, or use BCELoss."),
            low=low,
            high=high,
        )


# Nodes whose numbers have no bounds: a layer without an activation.
UNBOUNDED = ("AddmmBackward", "MmBackward", "ConvolutionBackward", "LinearBackward", "MkldnnConvolutionBackward")


class BceWithoutSigmoid(Watch):
    """BCELoss takes probabilities, and a layer's own outputs lie between 0 and 1 by chance alone."""

    operations = ("binary_cross_entropy",)

    def operation(self, call: TorchCall) -> None:
        """Look at what made the input."""
        x = call.tensor("input", 0)
        if x is None or not x.numel() or not made_by(x, *UNBOUNDED):
            return
        self.report(
            "bce_range",
            call.line,
            N_(
                "BCELoss takes probabilities and gets what a layer gives, without a sigmoid. So far it lies from"
                " {low:.4f} to {high:.4f}, and nothing keeps it between 0 and 1."
            ),
            N_("Use BCEWithLogitsLoss, or apply torch.sigmoid to the output."),
            low=x.min().item(),
            high=x.max().item(),
        )


class ReluBeforeLoss(Watch):
    """A relu after the last layer cuts off the negative logits."""

    operations = ("cross_entropy", "binary_cross_entropy_with_logits")

    def operation(self, call: TorchCall) -> None:
        """Look at the share of zeros."""
        scores = call.tensor("input", 0)
        if scores is not None and made_by(scores, "ReluBackward") and scores.numel():
            self.report(
                "relu_before_loss",
                call.line,
                N_("The logits went through relu: {share:.0%} of them are 0 and receive no gradient."),
                N_("Leave relu out after the last layer."),
                share=(scores == 0).double().mean().item(),
            )


LOSSES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
BY_HAND = ("sub", "rsub", "mul", "rmul", "add", "radd", "truediv", "div")
# Nodes of a loss by hand that keep the shape, or add everything up.
TO_A_LOSS = (
    *("AddBackward", "SubBackward", "RsubBackward", "MulBackward", "DivBackward", "NegBackward", "PowBackward"),
    *("ClampBackward", "ClampMinBackward", "ClampMaxBackward", "ReluBackward", "SoftplusBackward", "AbsBackward"),
    *("SigmoidBackward", "LogSigmoidBackward", "ExpBackward", "LogBackward", "WhereBackward", "MaximumBackward"),
    *("MinimumBackward", "SqrtBackward", "ToCopyBackward"),
)
REDUCED = ("torch::autograd::MeanBackward0", "torch::autograd::SumBackward0", "MeanBackward0", "SumBackward0")
MOST_PENDING = 8
MOST_NODES = 60


class BroadcastLoss(Watch):
    """(N, 1) against (N,): every output is compared with every target, by a loss or in a loss by hand."""

    operations = (*LOSSES, *BY_HAND, "eq")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.pending: dict[Node, tuple[int, Tensor, Tensor]] = {}  # made (N, N), and may be part of a loss

    def operation(self, call: TorchCall) -> None:
        """Compare the two shapes."""
        is_loss = call.name in LOSSES
        a, b = call.tensor("input", 0), call.tensor("target" if is_loss else "other", 1)
        if a is None or b is None or a.shape == b.shape:
            return
        is_square = a.requires_grad and _square_and_row(a, b) and (is_loss or call.name in ("sub", "rsub"))
        if not is_square and not _column_and_row(a, b):
            return
        if is_loss or call.name == "eq":
            self._report(call.line, a, b)
        elif not _is_meant(call.expression) and is_a(call.result, Tensor) and _of_network(a, b):
            node = grad_fn(call.result)
            if node is not None and len(self.pending) < MOST_PENDING:
                self.pending[node] = (call.line, a.detach(), b.detach())

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Tell of what became part of the loss number by number."""
        node = grad_fn(loss)
        if self.pending and node is not None and loss.numel() == 1:
            for part in _behind(node) & set(self.pending):
                self._report(*self.pending[part])
        self.pending = {}

    def _report(self, line: int, a: Tensor, b: Tensor) -> None:
        n = min(a.numel(), b.numel())
        self.report(
            "broadcast",
            line,
            N_("{first} against {second} is broadcast to [{n}, {n}]: {all} pairs are compared in place of {n}."),
            N_("Bring both to one shape: output.squeeze(1), or y.unsqueeze(1)."),
            first=str(list(a.shape)),
            second=str(list(b.shape)),
            n=n,
            all=n * n,
        )


def _is_meant(expression: str) -> bool:
    """Return whether the program makes a table of all pairs by itself: ``pos.unsqueeze(1) - neg``."""
    return "unsqueeze(" in expression or "None" in expression


def _of_network(a: Tensor, b: Tensor) -> bool:
    """Return whether one of both was computed from what is trained, and no leaf (``w * x``, with w by hand)."""
    return any(one.requires_grad and not one.is_leaf for one in (a, b)) and not any(
        one.requires_grad and one.is_leaf for one in (a, b)
    )


def _behind(node: Node) -> set[Node]:
    """Return the nodes of a loss that were computed number by number, and then added up."""
    return behind(node, MOST_NODES, lambda one: one.name() in REDUCED or kind(one) in TO_A_LOSS)


def _column_and_row(a: Tensor, b: Tensor) -> bool:
    """Return whether one is (N, 1) and the other (N,), N more than 1."""
    column, row = (a, b) if a.dim() == 2 and a.shape[1] == 1 else (b, a)
    return column.dim() == 2 and column.shape[1] == 1 and row.dim() == 1 and len(row) == len(column) > 1


def _square_and_row(a: Tensor, b: Tensor) -> bool:
    """Return whether one is (N, N) and the other (N,) or (N, 1): such two were joined before the loss."""
    square, row = (a, b) if a.numel() > b.numel() else (b, a)
    n = row.numel()
    return tuple(square.shape) == (n, n) and tuple(row.shape) in ((n,), (n, 1)) and n > 1


class SoftmaxOverBatch(Watch):
    """softmax over the samples of a batch, or the queries, in place of the classes or the keys."""

    operations = ("softmax", "log_softmax", "dropout", "matmul", "bmm")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.last: tuple[Any, int, int] | None = None  # weights, their softmax's dimension and line

    def operation(self, call: TorchCall) -> None:
        """Look at the dimension that it went over, and at what is multiplied with its result."""
        x = call.tensor("input", 0)
        if x is None or not is_a(call.result, Tensor):
            return
        if "softmax" in call.name:
            self._classes(call, x)
        if call.name != "log_softmax":
            self._attention(call, x)

    def _classes(self, call: TorchCall, x: Tensor) -> None:
        """Tell a softmax over the first of two dimensions."""
        if x.dim() != 2 or len(x) < 2 or x.shape[1] < 2 or not x.requires_grad:
            return
        named = call.named
        dim = named.get("dim")
        if dim is None:
            return  # torch chooses the classes for two dimensions, and warns
        if dim % 2 == 0:
            result = call.result.detach()
            first = (result.exp() if call.name == "log_softmax" else result)[0].sum().item()
            self.report(
                "softmax_over_batch",
                call.line,
                N_(
                    "softmax goes over dimension 0, the samples: the probabilities of the first sample sum to"
                    " {total:.4f}."
                ),
                N_("Write dim=1, the dimension of the classes."),
                total=first,
            )

    def _attention(self, call: TorchCall, x: Tensor) -> None:
        """Follow the weights of a softmax, through dropout, to the matrix product that adds up values with them."""
        if call.name == "softmax":
            dim = call.named.get("dim")
            is_last = dim in (None, -1, x.dim() - 1)
            # (N, 1, keys): one query, over which a softmax gives 1 to each key; other sizes of 1 say nothing.
            is_last = is_last or (min(x.shape, default=0) < 2 and not (x.shape[dim or 0] == 1 < x.shape[-1]))
            self.last = None if dim is None or is_last else (ref(call.result), dim % x.dim(), call.line)
        elif self.last is None or self.last[0]() is not x:
            return
        elif call.name == "dropout":
            self.last = (ref(call.result), *self.last[1:])
        else:
            self._multiplied(x, *self.last[1:])

    def _multiplied(self, weights: Tensor, dim: int, line: int) -> None:
        is_query = dim == weights.dim() - 2
        total = weights.detach().reshape(-1, weights.shape[-1])[0].sum().item()
        self.findings.pop(("softmax_over_batch", line), None)  # said of classes
        self.report(
            "softmax_over_queries" if is_query else "softmax_over_batch",
            line,
            N_(
                "softmax goes over dimension {dim} of {shape}, the queries: the weights of the first query, with"
                " which the values are added up, sum to {total:.4f}."
            )
            if is_query
            else N_(
                "softmax goes over dimension {dim} of {shape}, where the samples or heads are: the weights of the"
                " first query, with which the values are added up, sum to {total:.4f}."
            ),
            N_("Write dim=-1, the dimension of the keys."),
            dim=dim,
            shape=str(list(weights.shape)),
            total=total,
        )


WATCHES: tuple[type[Watch], ...] = (
    SoftmaxBeforeCrossEntropy,
    OneClass,
    NllWithoutLog,
    SigmoidTwice,
    BceWithoutSigmoid,
    ReluBeforeLoss,
    BroadcastLoss,
    SoftmaxOverBatch,
)
