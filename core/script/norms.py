"""Parameters and their gradients around ``optimizer.step()``: norms as curves, and whole updates now and then."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core.script.curves import Curves
from core.script.events import Progress
from core.script.kinds import is_a
from core.script.program_record import Update
from core.trace.torch_internals import foreach_norm

MOST = 60  # parameters of one optimizer that have curves and updates
EVERY = 2_000  # iterations after which only each tenth is measured


class Names:
    """The names of parameters: a module's own, with its variable before them where there are several modules."""

    def __init__(self, variables: dict[str, Any]) -> None:
        self.variables = variables
        self._names: dict[int, tuple[Tensor, str]] = {}

    def of(self, tensor: Tensor, progress: Progress) -> str:
        """Return the name of a parameter or of a variable; "parameter (2, 3)" where it has none."""
        entry = self._names.get(id(tensor))
        if entry is None or entry[0] is not tensor:
            self._look(progress)
            entry = self._names.setdefault(id(tensor), (tensor, f"parameter {tuple(tensor.shape)}"))
        return entry[1]

    def _look(self, progress: Progress) -> None:
        modules = {name: one for name, one in self.variables.items() if is_a(one, nn.Module)}
        for root in (progress.roots or {}).values():
            if not any(root is one for one in modules.values()):
                modules[type(root).__name__] = root
        trained = {name: one for name, one in modules.items() if any(True for _ in one.parameters())}
        for name, module in trained.items():
            for path, one in module.named_parameters():
                self._names.setdefault(id(one), (one, path if len(trained) == 1 else f"{name}.{path}"))
        for name, value in self.variables.items():
            if is_a(value, Tensor) and value.is_leaf:
                self._names.setdefault(id(value), (value, name))


class Norms:
    """Measures what an optimizer is about to do and has done."""

    def __init__(self, curves: Curves, names: Names, progress: Progress) -> None:
        self.curves, self.names, self.progress = curves, names, progress
        self._before: list[tuple[str, Tensor, float, float]] = []

    def before(self, optimizer: Optimizer, line: int, whole: bool) -> None:
        """Measure gradients before the step; ``whole``: note the norms of the weights too, for an ``Update``."""
        self._before = []
        if not self._is_measured(whole):
            return
        trained = _trained(optimizer)
        gradients = [one.grad for one in trained if one.grad is not None]
        for one, norm in zip(trained, _norms(gradients), strict=True):
            self._add("gradient", self.names.of(one, self.progress), line, norm)
        for number, group in enumerate(optimizer.param_groups):
            name = "lr" if len(optimizer.param_groups) == 1 else f"lr {number}"
            self._add("rate", name, line, float(group["lr"]))
        if whole:
            for one, norm, gradient in zip(trained, _norms(trained), _norms(gradients), strict=True):
                self._before.append((self.names.of(one, self.progress), one, norm, gradient))

    def after(self, optimizer: Optimizer, line: int, whole: bool) -> tuple[Update, ...]:
        """Measure the parameters after the step, and return the updates where ``before`` noted norms."""
        if self._is_measured(whole):
            trained = _trained(optimizer)
            for one, norm in zip(trained, _norms(trained), strict=True):
                self._add("parameter", self.names.of(one, self.progress), line, norm)
        updates = tuple(
            Update(name, tuple(one.shape), norm, gradient, _norms([one])[0])
            for name, one, norm, gradient in self._before
        )
        self._before = []
        return updates

    def by_hand(self, line: int) -> None:
        """Measure the leaves of a program that updates its weights itself."""
        if not self._is_measured(False):
            return
        leaves = {name: one for name, one in self.names.variables.items() if _is_weight(one)}
        for name, norm in zip(leaves, _norms(list(leaves.values())), strict=True):
            self._add("parameter", name, line, norm)
        with_gradient = {name: one.grad for name, one in leaves.items() if one.grad is not None}
        for name, norm in zip(with_gradient, _norms(list(with_gradient.values())), strict=True):
            self._add("gradient", name, line, norm)

    def _is_measured(self, whole: bool) -> bool:
        return whole or self.progress.iteration < EVERY or self.progress.iteration % 10 == 0

    def _add(self, kind: str, name: str, line: int, value: float) -> None:
        self.curves.add(kind, name, line, self.progress.step, self.progress.iteration, value)


def _trained(optimizer: Optimizer) -> list[Tensor]:
    both = [one for group in optimizer.param_groups for one in group["params"]]
    return [one for one in both if one.grad is not None and one.grad.layout == torch.strided][:MOST]


def _is_weight(value: object) -> bool:
    return is_a(value, Tensor) and value.is_leaf and value.requires_grad and value.layout == torch.strided


def _norms(tensors: list[Tensor]) -> list[float]:
    """Return the Euclidean norms of all tensors, in one call of torch where they are on one device."""
    if not tensors:
        return []
    with torch.no_grad():
        norms: list[float] = torch.stack([one.float().cpu() for one in foreach_norm(tensors)]).tolist()
    return norms
