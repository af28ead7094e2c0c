"""Numbers that go wrong without an error: nan, scrambled pictures, shuffled labels, inputs of another scale."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import math
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

from core.errors import N_
from core.script.events import Progress, TorchCall, Watch
from core.script.kinds import is_a
from core.script.shuffles import is_labels, is_rows
from core.script.tensor_facts import is_finite

# What can make an infinity or a nan out of finite numbers of ordinary size.
SUSPECTS = (
    *("log", "log2", "log10", "log1p", "sqrt", "rsqrt", "div", "truediv", "rtruediv", "exp", "pow", "rpow"),
    *("reciprocal", "mul", "sub", "add", "softmax", "log_softmax", "matmul", "linear", "masked_fill", "std", "var"),
    *("acos", "asin", "mean", "norm", "cross_entropy", "mse_loss", "nll_loss", "binary_cross_entropy"),
)


class NotFinite(Watch):
    """nan or infinity, and the operation that made the first."""

    operations = SUSPECTS

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.first: tuple[TorchCall, str, float, float] | None = None
        self.losses: list[float] = []
        self.lines: list[int] = []

    def operation(self, call: TorchCall) -> None:
        """Look for the first result that is not finite although every input is."""
        result = call.result
        if self.first is not None or not is_a(result, Tensor) or result.numel() > 1_000_000 or is_finite(result):
            return
        inputs = [one for one in (*call.args, *call.kwargs.values()) if is_a(one, Tensor)]
        if not all(map(is_finite, inputs)):
            return
        x = next((one for one in inputs if one.numel()), torch.zeros(1)).detach().double()
        kind = "nan" if bool(result.isnan().any()) else "inf"
        self.first = (call, kind, x.min().item(), x.max().item())

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Note the loss."""
        if loss.numel() == 1:
            self.losses.append(loss.item())
            self.lines.append(line)

    def end(self, variables: dict[str, Any]) -> None:
        """Tell where it began, if a loss was not finite."""
        step = next((i for i, loss in enumerate(self.losses) if not math.isfinite(loss)), None)
        if step is None:
            if self._left(variables) and self.first is not None:
                self._report("nan")
            return
        finite = self.losses[:step]
        if finite and max(map(abs, finite)) > max(30 * abs(finite[0]), 10):
            return  # it diverged, which Diverges reports
        if self.first is not None:
            self._report(f"{self.losses[step]}")
            return
        self.report(
            "nan",
            self.lines[step],
            N_(
                "The loss is {loss} in step {step}, and no operation before made it out of finite numbers:"
                " the weights or"
                " the data held it already."
            ),
            N_("Look at the data for nan, and at the gradients of the step before: sqrt and norm have none at 0."),
            loss=self.losses[step],
            step=step + 1,
        )

    def _report(self, loss: str) -> None:
        assert self.first is not None
        call, kind, low, high = self.first
        self.report(
            "nan",
            call.line,
            N_("{name} made the first {kind} in {expression}, out of numbers from {low:.4g} to {high:.4g}."),
            N_(
                "Keep its input where the operation is defined: torch.log(x + 1e-8), clamp, or a function"
                " on the logits."
            ),
            name=call.name,
            kind=kind,
            expression=call.expression,
            low=low,
            high=high,
            loss=loss,
        )

    def _left(self, variables: dict[str, Any]) -> bool:
        """Return whether a variable of the program ends as nan."""
        tensors = [value for value in variables.values() if is_a(value, Tensor) and value.is_floating_point()]
        modules = [value for value in variables.values() if is_a(value, nn.Module)]
        tensors += [one for module in modules for one in module.parameters()]
        return any(
            bool(one.isnan().any()) for one in tensors if one.device.type == "cpu" and one.numel() < 1_000_000
        )


class ViewForPermute(Watch):
    """view or reshape where the dimensions should change places: the numbers end elsewhere."""

    operations = ("view", "reshape")

    def operation(self, call: TorchCall) -> None:
        """Compare the sizes before and after."""
        x, result = call.tensor("input", 0), call.result
        if x is None or not is_a(result, Tensor) or x.dim() < 3 or x.dim() != result.dim():
            return
        before, after = [n for n in x.shape if n > 1], [n for n in result.shape if n > 1]
        if before == after or sorted(before) != sorted(after) or len(before) < 3 or before[0] != after[0]:
            return
        moved = _permuted(x, tuple(result.shape))
        if moved is None:
            return
        elsewhere = (moved != result).double().mean().item()
        if elsewhere > 0:
            self.report(
                "view_for_permute",
                call.line,
                N_(
                    "{before} is cut again as {after}, which does not swap dimensions: {share:.0%} of the"
                    " numbers differ from"
                    " permute's."
                ),
                N_("Write x.permute(…) or x.transpose(…), which swap dimensions."),
                before=str(list(x.shape)),
                after=str(list(result.shape)),
                share=elsewhere,
            )


class CutAcross(Watch):
    """A part of ``chunk`` that view takes for whole again: the samples, or the steps, were cut and then mixed."""

    operations = ("chunk", "split", "tensor_split", "view", "reshape")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.parts: list[tuple[Any, int, int, int, str]] = []  # part, dimension, size before, line, expression

    def operation(self, call: TorchCall) -> None:
        """Remember parts, and look at how they are viewed."""
        x = call.tensor("input", 0)
        if x is None:
            return
        if call.name not in ("view", "reshape"):
            parts = [one for one in call.result if is_a(one, Tensor)] if is_a(call.result, tuple | list) else []
            cut = [dim for dim in range(x.dim() - 1) if parts and parts[0].shape[dim] != x.shape[dim]]
            if cut and x.dim() > 2:
                news = [(ref(one), cut[0], x.shape[cut[0]], call.line, call.expression) for one in parts[:4]]
                self.parts = [*self.parts[-12:], *news]
            return
        for part, dim, size, line, expression in self.parts:
            result = call.result
            if part() is x and is_a(result, Tensor) and result.dim() > dim and result.shape[dim] == size:
                self._report(line, expression, x, result)

    def _report(self, line: int, expression: str, x: Tensor, result: Tensor) -> None:
        self.report(
            "chunk_dim",
            line,
            N_(
                "{expression} cuts along a dimension that is then taken for whole: parts of shape {before} are"
                " viewed as {after}, which mixes their numbers."
            ),
            N_("Cut along the last dimension: dim=-1"),
            expression=expression,
            before=str(list(x.shape)),
            after=str(list(result.shape)),
        )


def _permuted(x: Tensor, shape: tuple[int, ...]) -> Tensor | None:
    order: list[int] = []
    for size in shape:
        place = next((i for i, n in enumerate(x.shape) if n == size and i not in order), None)
        if place is None:
            return None
        order.append(place)
    return x.detach().permute(order)


class ShuffledApart(Watch):
    """Inputs and labels are shuffled with two permutations."""

    operations = ("randperm", "getitem", "index_select")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.orders: list[Tensor] = []
        self.last: tuple[int, Any, int, int] | None = None  # permutation, tensor, its length, line
        self.pairs: dict[tuple[int, int], int] = {}

    def operation(self, call: TorchCall) -> None:
        """Follow each permutation to what it shuffles."""
        if call.name == "randperm":
            self.orders = [*self.orders[-20:], call.result]
            return
        x = call.tensor("input", 0)
        place = 2 if call.name == "index_select" else 1
        index = call.args[place] if len(call.args) > place else None
        if x is None or not is_a(index, Tensor) or index.dtype != torch.int64:
            return
        start = index.untyped_storage().data_ptr()
        which = next(
            (i for i in reversed(range(len(self.orders))) if self.orders[i].untyped_storage().data_ptr() == start),
            -1,
        )
        if which < 0 or len(self.orders[which]) != len(x):
            return
        if self.last is not None:
            other, tensor, count, _line = self.last
            previous = tensor()
            if previous is not None and previous is not x and count == len(x) and previous.dim() > x.dim():
                self._pair(other, which, call.line)
        self.last = (which, ref(x), len(x), call.line)

    def _pair(self, first: int, second: int, line: int) -> None:
        if first == second:
            self.last = None
            return
        one, two = self.orders[first], self.orders[second]
        same = int((one == two).sum())
        self.report(
            "labels_shuffled",
            line,
            N_(
                "Inputs and labels are shuffled with two permutations: {same} of {count} samples keep"
                " their own label."
            ),
            N_("Draw one permutation and use it for both: order = torch.randperm(n); x[order], y[order]."),
            same=same,
            count=len(one),
        )


class ShuffledRows(Watch):
    """Lists or arrays of inputs and of labels end in two orders, shuffled by Python or NumPy."""

    def end(self, variables: dict[str, Any]) -> None:
        """Tell what was followed."""
        for apart in self.progress.shuffles.apart() if self.progress.shuffles is not None else ():
            self.report(
                "labels_shuffled",
                apart.line,
                N_("{only} is shuffled and {other} is not: {same} of {count} samples keep their own label.")
                if apart.only
                else N_(
                    "Inputs and labels are shuffled with two permutations: {same} of {count} samples keep"
                    " their own label."
                ),
                N_(
                    "Use one order for both: order = np.random.permutation(len(x)), then x[order] and y[order]; of"
                    " lists shuffle list(zip(x, y))."
                ),
                only=apart.only,
                other=apart.labels if apart.only == apart.inputs else apart.inputs,
                same=apart.same,
                count=apart.count,
            )


class LoadersApart(Watch):
    """Inputs and labels come from two DataLoaders, and each of them shuffles."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.last: tuple[int, DataLoader[Any]] | None = None

    def loads(self, loader: DataLoader[Any], line: int) -> None:
        """Compare with the DataLoader before, where one line goes through both."""
        before, self.last = self.last, (line, loader)
        if before is None or before[0] != line or before[1] is loader:
            return
        both = [before[1], loader]
        data: list[Any] = [one.dataset for one in both]
        shuffled = all(is_a(one.sampler, RandomSampler) for one in both)
        seeded = all(one.generator is not None for one in both)  # then both may have one order
        if not shuffled or seeded or not all(map(is_rows, data)) or len(data[0]) != len(data[1]):
            return
        if sorted(map(is_labels, data)) == [False, True]:
            self.report(
                "labels_shuffled",
                line,
                N_(
                    "Inputs and labels come from two DataLoaders, and each shuffles in an order of its own: about"
                    " 1 of {count} samples keeps its own label."
                ),
                N_("Make one DataLoader of both: DataLoader(TensorDataset(x, y), shuffle=True)."),
                count=len(data[0]),
            )


class DatasetLengths(Watch):
    """A TensorDataset of tensors with different numbers of rows, which some releases of torch take."""

    def makes(self, dataset: TensorDataset, line: int) -> None:
        """Compare the numbers of rows."""
        lengths = [len(tensor) for tensor in dataset.tensors]
        if len(set(lengths)) > 1:
            self.report(
                "dataset_lengths",
                line,
                N_("TensorDataset takes tensors with one row for each sample, and these have: {lengths}."),
                N_("Print len(…) of each, and cut them from the same rows."),
                lengths=", ".join(map(str, lengths)),
            )


class InputRange(Watch):
    """Pictures with numbers from 0 to 255 go into a network."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.first: tuple[int, float, float] | None = None

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Look at the first input of the first calls."""
        x = args[0] if args and is_a(args[0], Tensor) else None
        if self.first is None and x is not None and x.dim() == 4 and x.is_floating_point() and x.numel():
            low, high = x.min().item(), x.max().item()
            if low >= 0 and 100 <= high <= 255 and x.shape[1] in (1, 3):
                self.first = (line, low, high)

    def end(self, variables: dict[str, Any]) -> None:
        """Tell it of programs that train."""
        if self.first is not None and self.progress.steps:
            line, low, high = self.first
            self.report(
                "input_range",
                line,
                N_("The pictures that go into the network have numbers from {low:g} to {high:g}."),
                N_("Divide by 255, or use transforms.ToTensor(), which does so."),
                low=low,
                high=high,
            )


WATCHES: tuple[type[Watch], ...] = (
    NotFinite,
    ViewForPermute,
    CutAcross,
    ShuffledApart,
    ShuffledRows,
    LoadersApart,
    DatasetLengths,
    InputRange,
)
