"""Training loops that raise nothing and do not train as they seem to."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import ast
import math
import re
from collections import Counter, defaultdict
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.errors import N_
from core.script.events import Progress, TorchCall, Watch
from core.script.kinds import is_a
from core.trace.torch_internals import version


def parameters(optimizer: Optimizer) -> list[Tensor]:
    """Return what an optimizer trains."""
    return [one for group in optimizer.param_groups for one in group["params"]]


def _changes(module: nn.Module) -> int:
    """Return how often the parameters were changed in place."""
    return sum(version(one) for one in module.parameters())


def names(modules: dict[int, nn.Module]) -> dict[int, str]:
    """Return the names of the parameters of some modules, by their ids."""
    by_id: dict[int, str] = {}
    for module in modules.values():
        by_id |= {id(one): name for name, one in module.named_parameters()}
    return by_id


def listed(items: list[str]) -> str:
    """Return at most four names in a row."""
    return ", ".join(items[:4]) + (", …" if len(items) > 4 else "")


class NoZeroGrad(Watch):
    """A step uses gradients that an earlier step used already: the tensor was kept and is not zero."""

    # What changes a weight by hand: w -= lr * w.grad
    operations = ("isub", "sub", "iadd", "add", "copy")

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        # optimizer or weight -> the first and the last parameter with a gradient, each with it, at the step
        self.used: dict[int, list[tuple[Tensor, Tensor]]] = {}
        self.times: dict[int, int] = defaultdict(int)
        self.line = 0

    def operation(self, call: TorchCall) -> None:
        """See a weight that is changed by hand after its gradient was computed."""
        weight = call.tensor("input", 0)
        changed = call.name.startswith("i") or getattr(call.function, "__name__", "").endswith("_")
        by_gradient = ".grad" in call.expression
        if call.name == "copy" and not by_gradient:  # load_state_dict: the numbers of another network
            return
        if (
            weight is not None
            and changed
            and not weight.requires_grad
            and by_gradient
            and ".data" in call.expression
        ):
            weight = self._parameter(weight)
        if weight is not None and changed and weight.is_leaf and weight.requires_grad and weight.grad is not None:
            self._stepped(id(weight), [weight], call.line)

    def _parameter(self, data: Tensor) -> Tensor | None:
        """Return the parameter whose numbers these are: ``weight`` of ``weight.data``."""
        modules = (self.progress.roots or {}).values()
        same = (one for root in modules for one in root.parameters() if one.data_ptr() == data.data_ptr())
        return next(same, None)

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Forget the gradients that were zeroed; the line of this pass is where zero_grad belongs."""
        self.line = line
        for key, pairs in list(self.used.items()):
            self.used[key] = [(one, grad) for one, grad in pairs if one.grad is grad and bool(grad.any())]

    def before_step(self, optimizer: Optimizer, line: int) -> None:
        """Count the steps with old gradients in them."""
        if not is_a(optimizer, torch.optim.LBFGS):  # its closure sets them to zero, inside of the step
            self._stepped(id(optimizer), parameters(optimizer), line)

    def _stepped(self, key: int, trained: list[Tensor], line: int) -> None:
        old = next((one for one, grad in self.used.get(key, []) if one.grad is grad and bool(grad.any())), None)
        if old is not None and self.line:
            self.times[key] += 1
            if self.times[key] >= 2:
                self.report(
                    "no_zero_grad",
                    self.line,
                    N_(
                        "backward() adds to the gradients that are there, and nothing sets them to zero: {times}"
                        " steps used gradients of earlier steps too; the norm of one is now {norm:.4g}."
                    ),
                    N_("Call optimizer.zero_grad() before loss.backward()."),
                    times=self.times[key],
                    norm=old.grad.norm().item() if old.grad is not None else 0.0,
                )
        with_gradient = [(one, one.grad) for one in trained if one.grad is not None]
        self.used[key] = [with_gradient[0], with_gradient[-1]] if with_gradient else []


class WrongParameters(Watch):
    """Parameters with gradients that no optimizer has, and parameters in an optimizer that get no gradient."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.steps: dict[int, int] = defaultdict(int)
        self.lines: dict[int, int] = {}
        self.with_gradient: dict[int, Tensor] = {}
        self.empty: dict[int, int] = defaultdict(int)
        self.by_hand = False
        self.first: dict[int, int] = {}  # module that gets data -> changes of its parameters until its first call
        self.inner: set[int] = set()  # modules that are evaluated, or get what others computed

    operations = ("isub", "iadd", "sub", "add", "copy")

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Note what a module gets: the first of several has no other purpose than to be trained."""
        if id(module) not in self.first:
            self.first[id(module)] = _changes(module)
        if not module.training or any(is_a(one, Tensor) and one.requires_grad for one in args):
            self.inner.add(id(module))

    def operation(self, call: TorchCall) -> None:
        """See whether weights are changed by hand as well."""
        first = call.tensor("input", 0)
        if first is not None and first.is_leaf and first.requires_grad and call.result is first:
            self.by_hand = True

    def before_step(self, optimizer: Optimizer, line: int) -> None:
        """Note which parameters have a gradient."""
        self.steps[id(optimizer)] += 1
        self.lines.setdefault(id(optimizer), line)
        if all(one.grad is None or not bool(one.grad.any()) for one in parameters(optimizer)):
            self.empty[id(optimizer)] += 1
        if self.steps[id(optimizer)] <= 50:
            for one in parameters(optimizer):
                if one.grad is not None:
                    self.with_gradient[id(one)] = one

    def end(self, variables: dict[str, Any]) -> None:
        """Compare the modules that were called with the optimizers that stepped."""
        assert self.progress.optimizers is not None and self.progress.roots is not None
        names_by_id = names(self.progress.roots)
        names_by_id |= names({id(v): v for v in variables.values() if is_a(v, nn.Module)})
        optimizers = [one for key, one in self.progress.optimizers.items() if self.steps[key] >= 2]
        if not optimizers:
            return
        if not all(isinstance(one, nn.Parameter) for optimizer in optimizers for one in parameters(optimizer)):
            return  # an image or another tensor is what is trained
        trained = {id(one) for optimizer in optimizers for one in parameters(optimizer)}
        self._other_model(optimizers)
        if not self.findings and not self.by_hand:
            self._left_out(optimizers, trained)
            self._without_gradient(optimizers, names_by_id)

    def _other_model(self, optimizers: list[Optimizer]) -> None:
        for optimizer in optimizers:
            steps, explained = self.steps[id(optimizer)], self.progress.reported & {"one_class", "relu_before_loss"}
            if self.empty[id(optimizer)] < steps or not self.progress.backwards or explained:
                continue
            called = names(self.progress.roots or {})
            if any(id(one) in called for one in parameters(optimizer)):
                self.report(
                    "step_without_gradient",
                    self.lines[id(optimizer)],
                    N_(
                        "In all {steps} steps every gradient of the optimizer was None or 0: backward() and"
                        " zero_grad()"
                        " stand in the wrong order, or the graph is cut."
                    ),
                    N_("In this order: optimizer.zero_grad(), loss.backward(), optimizer.step()."),
                    steps=steps,
                )
            else:
                self.report(
                    "other_model",
                    self.lines[id(optimizer)],
                    N_(
                        "The optimizer has {count} {count:parameter|parameters}, and none of them belongs to a"
                        " model that was called: {steps} {steps:step|steps} changed nothing in it."
                    ),
                    N_("Make the optimizer after the model, of that model's parameters()."),
                    count=len(parameters(optimizer)),
                    steps=steps,
                )

    def _left_out(self, optimizers: list[Optimizer], trained: set[int]) -> None:
        for root in (self.progress.roots or {}).values():
            own = dict(root.named_parameters())
            if not any(id(one) in trained for one in own.values()) and not self._should_train(root, own):
                continue
            missing = [name for name, one in own.items() if one.requires_grad and id(one) not in trained]
            got = [name for name in missing if own[name].grad is not None]
            if got:
                self.report(
                    "not_in_optimizer",
                    self.lines[id(optimizers[0])],
                    N_(
                        "{count} {count:parameter gets|parameters get} gradients and {count:is|are} in no "
                        "optimizer, so {count:it never changes|they never change}: {names}."
                    ),
                    N_(
                        "Give the optimizer all of model.parameters(), or set requires_grad_(False) on what is"
                        " frozen."
                    ),
                    count=len(got),
                    names=listed(got),
                )

    def _should_train(self, root: nn.Module, own: dict[str, nn.Parameter]) -> bool:
        """Return whether a module that no optimizer has gets data in train mode, and gradients in all of it."""
        is_first = id(root) in self.first and id(root) not in self.inner
        unchanged = is_first and self.first[id(root)] == _changes(root)
        return unchanged and bool(own) and all(one.grad is not None for one in own.values())

    def _without_gradient(self, optimizers: list[Optimizer], names_by_id: dict[int, str]) -> None:
        for optimizer in optimizers:
            if self.steps[id(optimizer)] < 3:
                continue
            none = [
                names_by_id[id(one)]
                for one in parameters(optimizer)
                if one.requires_grad and id(one) not in self.with_gradient and id(one) in names_by_id
            ]
            if none:
                self.report(
                    "no_gradient",
                    self.lines[id(optimizer)],
                    N_(
                        "{count} {count:parameter|parameters} in the optimizer never got a gradient in {steps} "
                        "{steps:step|steps}: {names}."
                    ),
                    N_(
                        "Use these layers in forward, and look for detach(), .data, item() or no_grad() behind"
                        " them."
                    ),
                    count=len(none),
                    steps=self.steps[id(optimizer)],
                    names=listed(none),
                )


class NoStep(Watch):
    """There is an optimizer, and it never steps."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.line = 0

    def before_backward(self, loss: Tensor, line: int) -> None:
        """Remember where the gradients are computed."""
        self.line = line

    def end(self, variables: dict[str, Any]) -> None:
        """Look for optimizers that never stepped."""
        optimizers = [value for value in variables.values() if is_a(value, Optimizer)]
        if optimizers and not self.progress.optimizers and self.progress.backwards >= 3:
            function, place = function_around(self.progress.source.tree, self.line)
            if function and (function == "closure" or any(is_a(one, torch.optim.LBFGS) for one in optimizers)):
                self.report(
                    "closure",
                    place,
                    N_(
                        "{name}() computed gradients {count} {count:time|times}, and the optimizer made no step:"
                        " the weights are as they were."
                    ),
                    N_("Give it to the optimizer, which calls it: optimizer.step({name})"),
                    name=function,
                    count=self.progress.backwards,
                )
                return
            self.report(
                "no_step",
                self.line,
                N_(
                    "backward() ran {count} {count:time|times}, and the optimizer made no step: the weights are "
                    "as they were."
                ),
                N_("Call optimizer.step() after loss.backward()."),
                count=self.progress.backwards,
            )


def function_around(tree: ast.Module, line: int) -> tuple[str, int]:
    """Return the function around ``line`` and where the program calls it by itself; ("", 0) for none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0):
            for call in ast.walk(tree):
                match call:
                    case ast.Call(func=ast.Name(id=node.name)):
                        return node.name, call.lineno
    return "", 0


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
        if grown and length + 1 >= 3:
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
            if (
                len(losses) >= 4
                and math.isfinite(first)
                and grew > max(30 * abs(first), 10)
                and (grew >= worst / 100 or grew > 1000 * max(abs(first), 1))
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
        quarter = len(losses) // 4
        chance = math.log(max(self.classes, 2))
        if len(losses) < 60 or self._moved() < 0.2:
            return  # too few or too small steps: a network that has only begun is at chance as well
        first, last = sum(losses[:quarter]) / quarter, sum(losses[-quarter:]) / quarter
        if last > 0.95 * chance and last > 0.9 * first:
            before, now = self._lengths()
            if self.decay and now < 0.3 * before:
                self.report(
                    "weight_decay",
                    self.step_line,
                    N_(
                        "weight_decay={decay:g} pulled the weights to zero: their norm fell from {before:.3g} to"
                        " {now:.3g}, and the loss stays at {last:.4f}, as of guessing."
                    ),
                    N_(
                        "Use a smaller weight_decay, such as 1e-4: it is added to every gradient, times the weight."
                    ),
                    decay=self.decay,
                    before=before,
                    now=now,
                    last=last,
                )
                return
            self.report(
                "loss_at_chance",
                line,
                N_(
                    "After {steps} steps the loss is {last:.4f}; guessing among {classes} classes gives"
                    " {chance:.4f}. The"
                    " network learns nothing."
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


class ClipOrder(Watch):
    """Gradients are clipped where there are none yet: before backward, or after the step."""

    operations = (
        "_foreach_norm",
        "linalg_vector_norm",
        "norm",
        "foreach_norm",
        "tensor",
    )  # a 0, where none is there

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.at_step = 0
        self.times = 0

    def after_step(self, optimizer: Optimizer, line: int) -> None:
        """Remember how many backward passes there were."""
        self.at_step = self.progress.backwards

    def operation(self, call: TorchCall) -> None:
        """See a clip_grad_norm_ in the program's line."""
        if "clip_grad" in call.expression and self.progress.backwards == self.at_step:
            self.times += 1
            if self.times >= 2:
                self.report(
                    "clip_order",
                    call.line,
                    N_(
                        "Gradients were clipped {times} {times:time|times} when no backward pass had run since "
                        "the step before."
                    ),
                    N_("In this order: loss.backward(), clip_grad_norm_(…), optimizer.step()."),
                    times=self.times,
                )


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
            N_("Write dim=1, the dimension of the classes."),
        ),
    )

    def warned(self, message: str, line: int) -> None:
        """Look the warning up."""
        for part, key, evidence, repair in self.KNOWN:
            if part in message and line:
                self.report(key, line, evidence, repair)


WATCHES: tuple[type[Watch], ...] = (
    NoZeroGrad,
    WrongParameters,
    NoStep,
    GraphKept,
    Diverges,
    ClipOrder,
    TorchWarnings,
)
