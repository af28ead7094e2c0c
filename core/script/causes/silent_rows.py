"""Inputs and labels whose rows do not belong together: one of them was put in another order, or cut elsewhere."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node
from torch.utils.data import TensorDataset

from core.errors import N_
from core.script.causes.silent_losses import LOSSES, TO_A_LOSS
from core.script.events import Progress, TorchCall, Watch
from core.script.graph import behind, kind
from core.script.kinds import is_a
from core.script.shuffles import LONGEST
from core.script.tensor_facts import grad_fn

FEWEST = 8  # rows: fewer may be apart by chance or on purpose
MOST = 200  # tensors and outputs that are followed
MOST_NODES = 30
MOST_NUMBERS = 10_000_000  # of a whole tensor that is kept alive
# Nodes that keep the rows of what they get, beside those of a loss by hand.
KEEP_ROWS = (
    *TO_A_LOSS,
    *("SqueezeBackward", "UnsqueezeBackward", "ViewBackward", "ReshapeAliasBackward", "SelectBackward"),
    *("SoftmaxBackward", "LogSoftmaxBackward", "TanhBackward", "GeluBackward", "AddmmBackward", "MmBackward"),
    "MvBackward",
)
TARGETS = (*LOSSES, "cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits")
PRODUCTS = ("matmul", "rmatmul", "mm", "mv", "linear", "addmm")


@dataclass(frozen=True, eq=False)
class _Rows:
    """Which rows of a whole tensor another one has, and in which order; ``tensor`` is a weak reference."""

    tensor: Any
    whole: Tensor
    order: Tensor
    has_new_name: bool = False  # such as ``wrong = y[order]``: made to be compared with y


class RowsApart(Watch):
    """``x[order]`` against ``y``, ``x[i:j]`` against ``y[j:k]``: outputs are compared with labels of other rows."""

    operations = ("getitem", "index_select", "setitem", *PRODUCTS, *TARGETS, "sub", "rsub")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.rows: dict[int, _Rows] = {}  # of what was taken, by the identity of the tensor
        self.outputs: dict[Node, _Rows] = {}  # of networks, since the last backward pass
        self.filled_storages: set[int] = set()  # where tensors lie that were changed row by row
        self.first: dict[int, int] = {}  # number of rows -> the operation that first took so many
        self.pairs_apart: dict[int, list[tuple[_Rows, _Rows]]] = {}  # line -> inputs and labels
        self.pairs_together: set[Node] = set()  # outputs that were also compared with their own labels
        self.suspects: list[tuple[Node, int, _Rows, _Rows]] = []

    def operation(self, call: TorchCall) -> None:
        """Follow rows that are taken, what is computed from them, and what it is compared with."""
        if call.name == "setitem":
            self.filled_storages.add(call.args[0].untyped_storage().data_ptr())
        elif call.name in ("getitem", "index_select"):
            self._take(call)
        elif call.name in PRODUCTS:
            self._output([one for one in call.args if is_a(one, Tensor)], call.result)
        else:
            self._compare(call)

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Note whose rows the output has."""
        self._output([one for one in args if is_a(one, Tensor)], output)

    def makes(self, dataset: TensorDataset, line: int) -> None:
        """Compare the rows of inputs and labels that are put together."""
        if len(dataset.tensors) == 2:
            x, y = dataset.tensors
            rows, labels = self._of(x), self._of(y)
            if rows is not None and labels is not None and self._are_apart(rows, labels):
                self._report(line, [(rows, labels)])

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Keep the comparisons of this step that no other one makes good."""
        for node, where, rows, labels in self.suspects:
            pairs = self.pairs_apart.setdefault(where, [])
            if node not in self.pairs_together and len(pairs) < MOST:
                pairs.append((rows, labels))
        self.outputs, self.pairs_together, self.suspects = {}, set(), []

    def end(self, variables: dict[str, Any]) -> None:
        """Tell of them, where labels that are some rows further on are not what is learned."""
        if "labels_shuffled" in self.progress.reported:
            return
        for line, pairs in self.pairs_apart.items():
            if pairs and not _may_be_meant(pairs):
                self._report(line, pairs)

    def _take(self, call: TorchCall) -> None:
        x, index = call.args[0], call.args[2 if call.name == "index_select" else 1] if len(call.args) > 1 else None
        if call.name == "index_select" and (len(call.args) < 3 or call.args[1] != 0):
            return
        index = index[0] if is_a(index, tuple) and index else index
        is_rows = is_a(index, slice) or (
            is_a(index, Tensor) and index.dim() == 1 and index.dtype in (torch.int64, torch.bool)
        )
        before = self._of(x) if is_rows and is_a(x, Tensor) and is_a(call.result, Tensor) else None
        maker = self.progress.makers.of(call.result) if before is not None else None
        if before is None or maker is None:
            return
        order = before.order[index.detach() if is_a(index, Tensor) else index]
        if not torch.equal(order, before.order):  # x[:, 0] takes no rows
            self.first.setdefault(len(order), maker[0])
        if len(self.rows) > MOST:
            self.rows = {key: one for key, one in self.rows.items() if one.tensor() is not None}
        if len(order) == len(call.result) and len(self.rows) <= MOST:
            self.rows[id(call.result)] = _Rows(ref(call.result), before.whole, order, self._has_new_name(call.line))

    def _has_new_name(self, line: int) -> bool:
        match = re.match(r"\s*(\w+) = (\w+)\[", self.progress.source.line(line))
        return match is not None and match[1] != match[2]

    def _of(self, tensor: Tensor) -> _Rows | None:
        """Return the rows of a tensor: those that were taken, or all of them; None where that is not known.

        What was made after rows were first taken may be in their order, and is not known.
        """
        earlier = self.rows.get(id(tensor))
        if earlier is not None and earlier.tensor() is tensor:
            return earlier
        is_data = (
            type(tensor) is Tensor and not tensor.requires_grad and tensor.dim() and tensor.device.type == "cpu"
        )
        if not is_data or not FEWEST <= len(tensor) <= LONGEST or tensor.numel() > MOST_NUMBERS:
            return None
        maker = self.progress.makers.of(tensor)
        is_early = maker is not None and maker[0] < self.first.get(len(tensor), maker[0] + 1)
        if not is_early or tensor.untyped_storage().data_ptr() in self.filled_storages:
            return None
        return _Rows(ref(tensor), tensor, torch.arange(len(tensor)))

    def _output(self, inputs: list[Tensor], output: Any) -> None:
        node = grad_fn(output) if is_a(output, Tensor) and output.dim() else None
        if node is None or not inputs or len(self.outputs) >= MOST:
            return
        earlier = self._of(inputs[0])
        if earlier is not None and len(output) == len(earlier.order):
            self.outputs[node] = earlier

    def _compare(self, call: TorchCall) -> None:
        pair = [one for one in call.args[:2] if is_a(one, Tensor)]
        pair += [one for key in ("input", "target", "other") if is_a(one := call.kwargs.get(key), Tensor)]
        if not self.outputs or len(pair) != 2 or pair[0].requires_grad == pair[1].requires_grad:
            return
        output, target = pair if pair[0].requires_grad else pair[::-1]
        labels, node = self._of(target), self._source(output)
        if node is None or labels is None:
            return
        if self._are_apart(self.outputs[node], labels):
            self.suspects.append((node, call.line, self.outputs[node], labels))
        else:
            self.pairs_together.add(node)

    def _source(self, output: Tensor) -> Node | None:
        """Return the one noted node that a tensor has its rows from."""
        nodes = behind(
            grad_fn(output), MOST_NODES, lambda node: node not in self.outputs and kind(node) in KEEP_ROWS
        )
        sources = nodes & self.outputs.keys()
        return sources.pop() if len(sources) == 1 else None

    def _are_apart(self, rows: _Rows, labels: _Rows) -> bool:
        """Return whether two tensors of one length, taken from two wholes of one length, have other rows."""
        return (
            rows.whole is not labels.whole
            and len(rows.whole) == len(labels.whole)
            and FEWEST <= len(rows.order) == len(labels.order)
            and not torch.equal(rows.order, labels.order)
            and not (labels.has_new_name and torch.equal(rows.order, torch.arange(len(rows.whole))))
            and _share(rows, labels) < 1
        )

    def _report(self, line: int, pairs: list[tuple[_Rows, _Rows]]) -> None:
        same = sum(_share(rows, labels) * len(rows.order) for rows, labels in pairs)
        count = sum(len(rows.order) for rows, _labels in pairs)
        self.report(
            "labels_shuffled",
            line,
            N_(
                "The inputs are rows {inputs} of their data, and the labels rows {labels} of theirs: {same} of"
                " {count} samples have their own label."
            ),
            N_("Take both with one index: order = torch.randperm(n); x[order], y[order]."),
            inputs=_first(pairs[0][0].order),
            labels=_first(pairs[0][1].order),
            same=round(same),
            count=count,
        )


def _share(rows: _Rows, labels: _Rows) -> float:
    """Return the share of samples that are compared with a label like their own."""
    like = labels.whole[rows.order] == labels.whole[labels.order]
    return float(like.flatten(1).all(1).double().mean() if like.dim() > 1 else like.double().mean())


def _may_be_meant(pairs: list[tuple[_Rows, _Rows]]) -> bool:
    """Return whether each label is as many rows further on: what comes later may be what is learned.

    Labels of the batch after that of the inputs are not: the number of rows is that of a batch by chance alone.
    """
    ahead = [labels.order - rows.order for rows, labels in pairs]
    shifts = {int(one[0]) if bool((one == one[0]).all()) else None for one in ahead}
    overlap = all(bool(torch.isin(rows.order, labels.order).any()) for rows, labels in pairs)
    shift = next(iter(shifts))
    return None not in shifts and (overlap or (len(shifts) == 1 and abs(shift or 0) != len(ahead[0])))


def _first(order: Tensor) -> str:
    return ", ".join(str(int(one)) for one in order[:3]) + ", …"


WATCHES: tuple[type[Watch], ...] = (RowsApart,)
