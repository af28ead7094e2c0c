"""Steps that train nothing, or not what they should: old gradients, wrong parameters, no step."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.errors import N_
from core.script.events import Progress, TorchCall, Watch
from core.script.kinds import is_a
from core.trace.torch_internals import is_traced, version


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

    losses = (
        *("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "cross_entropy", "nll_loss"),
        *("binary_cross_entropy", "binary_cross_entropy_with_logits"),
    )
    operations = ("isub", "iadd", "sub", "add", "copy", *losses)

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.last: tuple[int, int] = (0, 0)  # the module that was called last, and where its output lies
        self.compared: set[int] = set()  # modules whose outputs a loss compares with data
        self.steps: dict[int, int] = defaultdict(int)
        self.lines: dict[int, int] = {}
        self.with_gradient: dict[int, Tensor] = {}
        self.empty: dict[int, int] = defaultdict(int)
        self.by_hand = False
        self.first: dict[int, int] = {}  # module that gets data -> changes of its parameters until its first call
        self.inner: set[int] = set()  # modules that get what others computed
        self.evaluated: set[int] = set()  # modules that were called in eval mode
        self.loaded: set[int] = set()  # parameters that got their numbers from another tensor

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Note what a module gets: the first of several has no other purpose than to be trained."""
        if id(module) not in self.first:
            self.first[id(module)] = _changes(module)
        if any(is_a(one, Tensor) and one.requires_grad for one in args):
            self.inner.add(id(module))
        if not module.training:
            self.evaluated.add(id(module))
        can_follow = is_a(output, Tensor) and not is_traced(output)
        self.last = (id(module), output.data_ptr()) if can_follow else (0, 0)

    def operation(self, call: TorchCall) -> None:
        """See whether weights are changed by hand as well."""
        first = call.tensor("input", 0)
        if call.name in (*self.losses, "sub"):
            self._compared(first, call.tensor("other" if call.name == "sub" else "target", 1))
        if first is None or not first.is_leaf or not first.requires_grad or call.result is not first:
            return
        if call.name == "copy" and ".grad" not in call.expression:
            self.loaded.add(id(first))  # load_state_dict: trained elsewhere, perhaps
        else:
            self.by_hand = True

    def _compared(self, output: Tensor | None, target: Tensor | None) -> None:
        """Note the module whose output is compared with data, as a decoder's is, and not a judge's."""
        module, place = self.last
        if output is None or target is None or module in self.compared or not place:
            return
        if is_traced(output) or output.data_ptr() != place:
            return
        is_data = not target.requires_grad and target.numel() > 1
        if is_data and bool((target != target.reshape(-1)[0]).any()):  # a judge's output is compared with 0 or 1
            self.compared.add(module)

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
        # Also one that has not stepped yet, as a generator's that follows five steps of the critic's.
        everyone = [
            *self.progress.optimizers.values(),
            *(one for one in variables.values() if is_a(one, Optimizer)),
        ]
        trained = {id(one) for optimizer in everyone for one in parameters(optimizer)}
        self._other_model(optimizers)
        if not self.findings and not self.by_hand:
            own_names = {id(one): f"{name}." for name, one in variables.items() if is_a(one, nn.Module)}
            self._left_out(optimizers, trained, own_names)
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
                        " zero_grad() stand in the wrong order, or the graph is cut."
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

    def _left_out(self, optimizers: list[Optimizer], trained: set[int], own_names: dict[int, str]) -> None:
        for root in (self.progress.roots or {}).values():
            own = dict(root.named_parameters())
            if not any(id(one) in trained for one in own.values()):
                if not self._should_train(root, own):
                    continue
                own = {own_names.get(id(root), "") + name: one for name, one in own.items()}
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
        """Return whether a module that no optimizer has takes part in train mode, with gradients in all of it."""
        takes_data = id(root) in self.first and id(root) not in self.inner
        is_trained = (takes_data or id(root) in self.compared) and id(root) not in self.evaluated
        if not is_trained or not own or self.loaded & {id(one) for one in own.values()}:
            return False
        return self.first[id(root)] == _changes(root) and all(one.grad is not None for one in own.values())

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


WATCHES: tuple[type[Watch], ...] = (NoZeroGrad, WrongParameters, NoStep, ClipOrder)
