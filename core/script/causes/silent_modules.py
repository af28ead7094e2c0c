"""Modules that raise nothing and are not what they seem: plain lists, modes, equal units."""
# ruff: noqa: ARG002  (the methods of a watch have one signature, whatever each of them needs)

from __future__ import annotations

import ast
import copy
import re
from collections import defaultdict
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.errors import N_
from core.script.events import Progress, TorchCall, Watch
from core.script.kinds import is_a
from core.trace.torch_internals import AnyBatchNorm, AnyDropout


def _line_of(watch: Watch, owner: nn.Module, attribute: str, otherwise: int) -> int:
    """Return where the class of ``owner`` sets the attribute: two classes may call theirs alike."""
    source, kinds = watch.progress.source, [kind.__name__ for kind in type(owner).__mro__]
    for kind in ast.walk(source.tree):
        if isinstance(kind, ast.ClassDef) and kind.name in kinds:
            for number in range(kind.lineno, (kind.end_lineno or kind.lineno) + 1):
                if source.line(number).startswith(f"self.{attribute} ="):
                    return number
    return otherwise


class UnregisteredModules(Watch):
    """Layers in a plain list, and tensors that should be parameters: the module does not know them."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.looked: set[int] = set()

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Look at the attributes of a module and of the modules in it, once."""
        if id(module) in self.looked:
            return
        self.looked.add(id(module))
        registered = set(map(id, module.modules()))
        for part in module.modules():
            if type(part).__module__ != "__main__":
                continue
            for name, value in vars(part).items():
                if name.startswith("_"):
                    continue
                items = list(value.values()) if is_a(value, dict) else value
                if is_a(items, tuple) and len(items) == 1:
                    continue  # of a comma at the end of a line: calling it raises, which is explained
                if is_a(items, list | tuple):
                    layers = [one for one in items if is_a(one, nn.Module) and id(one) not in registered]
                    self._layers(part, name, layers, line, is_a(value, dict))
                elif is_a(value, Tensor) and value.is_leaf and value.requires_grad:
                    self._tensor(part, name, value, line)

    def _layers(self, part: nn.Module, name: str, layers: list[nn.Module], line: int, with_keys: bool) -> None:
        count = sum(one.numel() for layer in layers for one in layer.parameters())
        if count:
            self.report(
                "plain_list",
                _line_of(self, part, name, line),
                N_(
                    "self.{name} is a plain dictionary of {layers} {layers:layer|layers}: their {count} "
                    "{count:number is|numbers are} not in"
                    " parameters(), and no"
                    " optimizer, .to(device) or state_dict sees them."
                )
                if with_keys
                else N_(
                    "self.{name} is a plain list of {layers} {layers:layer|layers}: their {count} "
                    "{count:number is|numbers are} not in"
                    " parameters(), and no"
                    " optimizer, .to(device) or state_dict sees them."
                ),
                N_("Write self.{name} = nn.ModuleDict(…), with texts as keys.")
                if with_keys
                else N_("Write self.{name} = nn.ModuleList([...])."),
                name=name,
                layers=len(layers),
                count=count,
            )

    def _tensor(self, part: nn.Module, name: str, value: Tensor, line: int) -> None:
        self.report(
            "not_a_parameter",
            _line_of(self, part, name, line),
            N_(
                "self.{name} requires a gradient and is a plain tensor: its {count} "
                "{count:number is|numbers are} not in"
                " parameters()."
            ),
            N_("Write self.{name} = nn.Parameter(...)."),
            name=name,
            count=value.numel(),
        )


def _has_modes(module: nn.Module) -> bool:
    return any(is_a(part, AnyDropout | AnyBatchNorm) and part.training for part in module.modules())


class EvalForgotten(Watch):
    """A trained model is evaluated in train mode: called for no backward pass, its answer compared."""

    decisions = ("gt", "ge", "lt", "le", "round")
    derived = (
        "softmax",
        "log_softmax",
        "sigmoid",
        "squeeze",
        "detach",
        "cpu",
        "float",
        "int",
        "to",
        "type",
        *decisions,
    )
    joins = ("mul", "and", "bitwise_and", "logical_and")  # of what was decided and the labels: a Dice score
    operations: tuple[str, ...] = (
        *(
            "argmax",
            "max",
            "topk",
            "eq",
            "cross_entropy",
            "nll_loss",
            "mse_loss",
            "binary_cross_entropy_with_logits",
        ),
        *derived,
        *joins,
    )

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.has_decision = False
        self.last: tuple[Any, nn.Module, tuple[Any, ...], int] | None = None
        self.times: dict[int, int] = defaultdict(int)
        # Of the last call with the graph on, as long as no backward pass followed: it was no training step.
        self.last_with_graph: tuple[nn.Module, tuple[Any, ...], int] | None = None

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Remember a call in train mode and without a graph, after training has begun."""
        self.last = self.last_with_graph = None
        self.has_decision = False
        if self.progress.steps and is_a(output, Tensor) and _has_modes(module):
            self.last = (ref(output), module, args, line)

    def before_backward(self, loss: Tensor, line: int) -> None:
        """See that the call was a training step."""
        self.last = self.last_with_graph = None

    def operation(self, call: TorchCall) -> None:
        """See that the answer is compared: it is an evaluation."""
        if self.last is None:
            return
        output, module, args, line = self.last
        answer = output()
        inputs = [one for one in call.args if is_a(one, Tensor)]
        if answer is None or not any(one.data_ptr() == answer.data_ptr() for one in inputs):
            return
        if call.name in self.joins and not self.has_decision:
            return
        if call.name in self.derived:
            self.has_decision = self.has_decision or call.name in self.decisions
            self.last = (ref(call.result), module, args, line)
            return
        self.last = None
        if torch.is_grad_enabled():
            self.last_with_graph = (module, args, line)
        else:
            self._evaluated(module, args, line)

    def end(self, variables: dict[str, Any]) -> None:
        """Tell of an evaluation with the graph on, after the last training step."""
        if self.last_with_graph is not None:
            self._evaluated(*self.last_with_graph)

    def _evaluated(self, module: nn.Module, args: tuple[Any, ...], line: int) -> None:
        self.times[line] += 1
        if self.times[line] == 1:
            apart = _difference(module, args)
            parts = sorted({type(one).__name__ for one in module.modules() if is_a(one, AnyDropout | AnyBatchNorm)})
            self.report(
                "eval_forgotten",
                line,
                N_(
                    "The model is evaluated in train mode, with {parts} at work: in eval mode the same input"
                    " gives outputs"
                    " that differ by up to {apart:.4g}."
                ),
                N_("Call model.eval() before the evaluation, and model.train() before training goes on."),
                parts=", ".join(parts),
                apart=apart,
            )


def _difference(module: nn.Module, args: tuple[Any, ...]) -> float:
    """Return how far copies of the module in train and eval mode are apart; no random number is used up."""
    with torch.random.fork_rng(devices=[]):
        return _apart(module, args)


def _apart(module: nn.Module, args: tuple[Any, ...]) -> float:
    quiet = copy.deepcopy(module).eval()
    with torch.no_grad():
        one, other = copy.deepcopy(module)(*args), quiet(*args)
    return float((other - one).abs().max()) if is_a(other, Tensor) and other.numel() else 0.0


class DropoutInEval(Watch):
    """F.dropout drops in eval mode too: it knows no mode, and its argument training is True unless it is given."""

    operations = ("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout", "alpha_dropout")

    def operation(self, call: TorchCall) -> None:
        """See a call of the function itself, not of a layer, inside of a module in eval mode."""
        root = self.progress.called
        if (
            root is None
            or root.training
            or not re.search(r"(?:\bF\.|functional\.|(?<![\w.]))\w*dropout\w*\(", call.expression)
        ):
            return
        x, result = call.tensor("input", 0), call.result
        if x is None or not is_a(result, Tensor) or call.named.get("training", True) is not True:
            return
        dropped = ((result == 0) & (x != 0)).double().mean().item()
        if dropped > 0:
            self.report(
                "dropout_in_eval",
                call.line,
                N_("The model is in eval mode, and {expression} still set {share:.0%} of the numbers to zero."),
                N_("Write training=self.training in the call, or use the layer nn.Dropout, which knows its mode."),
                expression=call.expression,
                share=dropped,
            )


class TrainForgotten(Watch):
    """Training goes on in eval mode after an evaluation."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.trained: set[int] = set()
        self.resting: dict[int, tuple[int, nn.Module]] = {}
        self.steps: dict[int, int] = defaultdict(int)

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Note in which mode a module is called with the graph on."""
        if not torch.is_grad_enabled() or not is_a(output, Tensor) or not output.requires_grad:
            return
        if module.training:
            self.trained.add(id(module))
            self.resting.pop(id(module), None)
        elif id(module) in self.trained and any(is_a(o, AnyDropout | AnyBatchNorm) for o in module.modules()):
            self.resting[id(module)] = (line, module)

    def after_step(self, optimizer: Optimizer, line: int) -> None:
        """Count the steps of modules that were called in eval mode just before."""
        trained = {id(one) for group in optimizer.param_groups for one in group["params"]}
        for key, (place, module) in list(self.resting.items()):
            if any(id(one) in trained for one in module.parameters()):
                self.steps[key] += 1
                if self.steps[key] >= 2:
                    self.report(
                        "train_forgotten",
                        place,
                        N_(
                            "{steps} training {steps:step|steps} ran in eval mode: dropout is off, and batch "
                            "norm does not"
                            " learn."
                        ),
                        N_("Call model.train() at the beginning of each epoch."),
                        steps=self.steps[key],
                    )


class EqualUnits(Watch):
    """All units of a layer began alike and stay alike: one unit would do the same."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.lines: dict[int, int] = {}
        self.weights: dict[int, tuple[nn.Module, Tensor]] = {}

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Note layers of equal units before the first step."""
        if self.progress.steps or id(module) in self.lines:
            return
        self.lines[id(module)] = line
        layers = [one for one in module.modules() if is_a(one, nn.Linear | nn.Conv2d | nn.Conv1d)]
        for layer in layers[:-1]:
            if len(layer.weight) > 1 and _equal_rows(layer.weight):
                self.weights[id(layer)] = (module, layer.weight)

    def end(self, variables: dict[str, Any]) -> None:
        """See whether they are still equal."""
        if self.progress.steps < 3:
            return
        for key, (module, weight) in self.weights.items():
            if _equal_rows(weight) and weight.requires_grad:
                name = next((name for name, one in module.named_modules() if id(one) == key), "")
                self.report(
                    "equal_units",
                    self.lines[id(module)],
                    N_("After {steps} steps all {count} units of {name} still have the same weights."),
                    N_("Start with different numbers: leave torch's initialization, or nn.init.kaiming_uniform_."),
                    steps=self.progress.steps,
                    count=len(weight),
                    name=name,
                )


def _equal_rows(weight: Tensor) -> bool:
    return bool((weight.detach() == weight.detach()[:1]).all())


class FrozenBatchNorm(Watch):
    """A trained batch norm whose weights are frozen goes on changing its running statistics in train mode."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(progress)
        self.parts: dict[int, list[tuple[str, AnyBatchNorm]]] = {}
        # The statistics at the first call with frozen weights; None for a layer that was not trained before.
        self.first: dict[int, tuple[str, AnyBatchNorm, Tensor, Tensor, int, int] | None] = {}

    def called(self, module: nn.Module, args: tuple[Any, ...], output: Any, line: int) -> None:
        """Note the statistics of frozen batch norms at the module's first call in train mode."""
        if not module.training or not torch.is_grad_enabled():
            return
        if id(module) not in self.parts:
            parts = [(name, part) for name, part in module.named_modules() if is_a(part, AnyBatchNorm)]
            self.parts[id(module)] = parts[:100]
        for name, part in self.parts[id(module)]:
            weight, mean, var, counted = part.weight, part.running_mean, part.running_var, part.num_batches_tracked
            skips = id(part) in self.first or weight is None or weight.requires_grad or not part.training
            if skips or mean is None or var is None or counted is None:
                continue
            # The call itself has changed them already, by a tenth of the way to its batch.
            trained = int(counted) > 1
            entry = (name, part, mean.clone(), var.clone(), line, self.progress.steps)
            self.first[id(part)] = entry if trained else None

    def end(self, variables: dict[str, Any]) -> None:
        """Tell how far they went, where it is more than half a standard deviation."""
        for entry in self.first.values():
            if entry is None or self.progress.steps - entry[5] < 3:
                continue
            name, part, mean, var, line, _steps = entry
            now = part.running_mean
            moved = 0.0 if now is None else float(((now - mean).abs() / (var + 1e-5).sqrt()).max())
            if moved > 0.5:
                self.report(
                    "frozen_batch_norm",
                    line,
                    N_(
                        "The weights of {name} are frozen, and in train mode its running mean still moved by"
                        " {moved:.2f} standard deviations: the frozen part answers differently in eval mode."
                    ),
                    N_("Put the frozen part into eval mode after each model.train(): model.backbone.eval()"),
                    name=name,
                    moved=moved,
                )
                return


WATCHES: tuple[type[Watch], ...] = (
    UnregisteredModules,
    EvalForgotten,
    DropoutInEval,
    TrainForgotten,
    EqualUnits,
    FrozenBatchNorm,
)
