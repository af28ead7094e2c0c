"""Training loops that raise nothing and whose losses show the mistake, and what torch itself warns of."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import Any
from weakref import ref

import torch
from torch import Tensor
from torch.optim import Optimizer

from core.errors import N_
from core.script.causes.silent_steps import parameters
from core.script.events import Progress, TorchCall, Watch
from core.script.kinds import is_a

FEW = 3  # losses that a program may hold for a moment, less one


class GraphKept(Watch):
    """``total += loss`` keeps every step's graph. Known by a sum that grows from one backward pass to the next."""

    operations = ("iadd", "add", "radd")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.chains: dict[tuple[int, int], tuple[Any, int, int]] = {}  # site -> last sum, backward passes, length
        self.passed: list[tuple[int, Any]] = []  # the losses that backward ran on, and its lines

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Remember the loss."""
        self._look(at_least=2 * FEW)  # now: at the end the function that held them may have returned
        self.passed = [*self.passed[-20:], (line, ref(loss))]

    def operation(self, call: TorchCall) -> None:
        """Follow a sum of losses."""
        result = call.result
        if not is_a(result, Tensor) or not result.requires_grad or result.numel() != 1:
            return
        old, passes, length = self.chains.get(call.site, (lambda: None, 0, 0))
        before = old()
        now = self.progress.backwards
        grown = before is not None and any(one is before for one in call.args) and now > passes
        self.chains[call.site] = (ref(result), now, length + 1 if grown else 1)
        if grown:
            self.report(
                "graph_kept",
                call.line,
                N_(
                    "The sum still requires a gradient: it keeps the graphs of {count} {count:step|steps} in "
                    "memory."
                ),
                N_("Add numbers: total += loss.item()"),
                count=length + 1,
            )

    def end(self, variables: dict[str, Any]) -> None:
        """Look once more."""
        self._look(at_least=FEW)

    def _look(self, at_least: int) -> None:
        """Look for losses of earlier steps that are still held with their graphs: by a list, a dictionary."""
        alive: dict[int, int] = Counter(line for line, loss in self.passed if loss() is not None)
        line, count = max(alive.items(), key=lambda item: item[1], default=(0, 0))
        if count < at_least or self.findings:
            return
        name, where = self._list_of(line)
        self.report(
            "graph_kept",
            where or line,
            N_("The list {name} holds {count} losses or more with their graphs.")
            if where
            else N_("{count} losses of earlier steps or more are still held with their graphs."),
            N_("Append numbers: {name}.append(loss.item())")
            if where
            else N_("Keep numbers in place of tensors: loss.item()"),
            name=name,
            count=count,
        )

    def _list_of(self, line: int) -> tuple[str, int]:
        """Return the list that what ``backward`` ran on in ``line`` is appended to, and where; ("", 0) for none."""
        loss = re.search(r"(\w+)\.backward\(", self.progress.source.line(line))
        for number, text in enumerate(self.progress.source.lines, 1):
            match = re.search(r"([\w.]+(?:\[[^\]]*\])?)\.append\((\w+)\)", text)
            if loss and match and match[2] == loss[1]:
                return match[1], number
        return "", 0


MOST_RANDOM = 50  # tensors that may be labels drawn at random


class Diverges(Watch):
    """The loss grows without bound, or stays at chance."""

    operations = ("cross_entropy", "nll_loss", "randint", "getitem", "index_select")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.losses: dict[int, list[float]] = defaultdict(list)
        self.kinds: dict[int, str] = {}
        self.classes = 0
        self.last: Any = None
        self.random: dict[int, Any] = {}  # where 1-d random whole numbers lie -> the tensor; indices are taken out
        self.rate = self.decay = 0.0
        self.step_line = 0
        self.start: list[tuple[Tensor, Tensor]] = []  # parameters and what they were before the first step

    def operation(self, call: TorchCall) -> None:
        """Note the number of classes, and labels that are drawn at random: a program without data."""
        if call.name == "randint":
            if call.result.dim() == 1 and len(self.random) < MOST_RANDOM:
                self.random[call.result.data_ptr()] = call.result
            return
        if call.name in ("getitem", "index_select"):  # x[torch.randint(len(x), (32,))] draws a batch, and no labels
            for index in [one for one in call.args[1:] if is_a(one, Tensor) and one.dtype == torch.int64]:
                self.random.pop(index.data_ptr(), None)
            return
        scores = call.tensor("input", 0)
        if scores is not None and scores.dim() == 2:
            self.classes = scores.shape[1]
            self.last = ref(call.result) if is_a(call.result, Tensor) else None

    def before_step(self, optimizer: Optimizer, line: int) -> None:
        """Note the rate."""
        self.rate = float(optimizer.param_groups[0]["lr"])
        self.decay = max(float(group.get("weight_decay", 0.0)) for group in optimizer.param_groups)
        self.step_line = line
        if not self.start:
            small = [one for one in parameters(optimizer) if one.numel() <= 1_000_000]
            self.start = [(one, one.detach().clone()) for one in small[:20]]

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Note the loss."""
        if loss.numel() != 1 or len(self.losses[line]) >= 100_000:
            return
        self.losses[line].append(loss.item())
        is_classes = self.last is not None and self.last() is loss
        self.kinds[line] = "classes" if is_classes and self.kinds.get(line, "classes") == "classes" else "other"

    def end(self, variables: dict[str, Any]) -> None:
        """Compare the last losses with the first."""
        for line, losses in self.losses.items():
            if not self.progress.steps and not self.rate:
                self.rate = next((float(v) for k, v in variables.items() if k in ("lr", "learning_rate")), 0.0)
            first, finite = losses[0], [one for one in losses if math.isfinite(one)]
            worst = max(finite, default=0.0)
            ended = not math.isfinite(losses[-1])
            grew = abs(losses[-1]) if not ended else worst
            quarter = finite[-max(len(finite) // 4, 1) :]
            # Far up in the middle, and at the end no better than it began: it was thrown away from where it was.
            thrown = worst > 1000 * max(abs(first), 1) and sum(quarter) / max(len(quarter), 1) > first
            grew = worst if thrown else grew
            if (
                len(losses) >= 4
                and math.isfinite(first)
                and grew > max(30 * abs(first), 10)
                and (thrown or grew >= worst / 100 or grew > 1000 * max(abs(first), 1))
                and "nll_without_log_softmax" not in self.progress.reported
            ):
                self.report(
                    "diverges",
                    line,
                    N_(
                        "The loss was {first:.4g} in the first step and reached {last:.4g}; the learning rate is"
                        " {rate:g}."
                    ),
                    N_("Use a smaller learning rate: a tenth, and again, until the loss falls."),
                    first=first,
                    last=grew,
                    rate=self.rate,
                )
            elif self.kinds[line] == "classes" and not ended and not self.random:
                self._chance(line, losses)

    def _chance(self, line: int, losses: list[float]) -> None:
        """Report a loss that is at its end, after many steps, about that of guessing."""
        quarter = len(losses) // 4
        chance = math.log(max(self.classes, 2))
        if self._stands(line, losses, chance) or len(losses) < 60 or self._moved() < 0.2:
            return  # too few or too small steps: a network that has only begun is at chance as well
        first, last = sum(losses[:quarter]) / quarter, sum(losses[-quarter:]) / quarter
        if last <= 0.95 * chance or last <= 0.9 * first or self._decayed(last):
            return
        self.report(
            "loss_at_chance",
            line,
            N_(
                "After {steps} steps the loss is {last:.4f}; guessing among {classes} classes gives {chance:.4f}."
                " The network learns nothing."
            ),
            N_(
                "Try to learn ten samples by heart; look at the labels beside the inputs, the rate and the"
                " gradients."
            ),
            steps=len(losses),
            last=last,
            classes=self.classes,
            chance=chance,
        )

    def _stands(self, line: int, losses: list[float], chance: float) -> bool:
        """Report steps that are too small to change anything; return whether they are."""
        first, last = losses[0], losses[-1]
        is_still = abs(last - first) < 1e-3 * first and last > 0.9 * chance
        if len(losses) < 20 or self.progress.steps < 20 or not is_still or not 0 < self._moved() < 1e-4:
            return False
        self.report(
            "loss_at_chance",
            line,
            N_(
                "{steps} steps with the rate {rate:g} moved the parameters by {moved:.1e} of their length: the loss"
                " was {first:.4f} and is {last:.4f}. Guessing among {classes} classes gives {chance:.4f}."
            ),
            N_("Use a larger learning rate: ten times as large, and again, until the loss falls."),
            steps=self.progress.steps,
            rate=self.rate,
            moved=self._moved(),
            first=first,
            last=last,
            classes=self.classes,
            chance=chance,
        )
        return True

    def _decayed(self, last: float) -> bool:
        """Report weights that ``weight_decay`` pulled to zero; return whether it did."""
        before, now = self._lengths()
        if not self.decay or now >= 0.3 * before:
            return False
        self.report(
            "weight_decay",
            self.step_line,
            N_(
                "weight_decay={decay:g} pulled the weights to zero: their norm fell from {before:.3g} to"
                " {now:.3g}, and the loss stays at {last:.4f}, as with guessing."
            ),
            N_("Use a smaller weight_decay, such as 1e-4: it is added to every gradient, times the weight."),
            decay=self.decay,
            before=before,
            now=now,
            last=last,
        )
        return True

    def _lengths(self) -> tuple[float, float]:
        """Return the norm of all parameters at the start and now."""
        before = sum(old.double().pow(2).sum().item() for _, old in self.start)
        now = sum(one.detach().double().pow(2).sum().item() for one, _ in self.start)
        return math.sqrt(before), math.sqrt(now)

    def _moved(self) -> float:
        """Return how far the parameters went, as a part of their length at the start."""
        length = math.sqrt(sum(old.double().pow(2).sum().item() for _, old in self.start))
        way = math.sqrt(sum((one.detach() - old).double().pow(2).sum().item() for one, old in self.start))
        return way / length if length else 0.0


class TorchWarnings(Watch):
    """What torch itself warns of, where its warning is a mistake."""

    KNOWN = (
        (
            "lr_scheduler.step()` before `optimizer.step()",
            "scheduler_order",
            N_("torch warns: the scheduler's step comes before the optimizer's, so the first rate is never used."),
            N_("Call optimizer.step() first, then scheduler.step()."),
        ),
        (
            ".grad attribute of a Tensor that is not a leaf Tensor is being accessed",
            "grad_of_result",
            N_("torch warns: .grad of the result of an operation is read, and it is None."),
            N_("Call retain_grad() on it before backward()."),
        ),
        (
            "Implicit dimension choice",
            "softmax_dim",
            N_("torch warns: softmax is called without dim, and torch chooses one."),
            N_("Name the dimension of the classes: dim=-1 is the last one."),
        ),
    )

    def warned(self, message: str, line: int) -> None:
        """Look the warning up."""
        for part, key, evidence, repair in self.KNOWN:
            if part in message and line:
                self.report(key, line, evidence, repair)


WATCHES: tuple[type[Watch], ...] = (GraphKept, Diverges, TorchWarnings)
