"""Looking at a training step while it runs: hooks and a function mode, on the sampled steps alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from core.examination.examination import (
    BINS,
    ActivationReading,
    Data,
    Examination,
    Histogram,
    NotFinite,
    Parameter,
    Reading,
    Test,
    WeightReading,
)

FLAT: dict[str, Callable[[Tensor], Tensor]] = {  # where the slope is under a tenth of the steepest
    "sigmoid": lambda y: (y < 0.0257) | (y > 0.9743),  # y·(1 − y) < 0.025
    "tanh": lambda y: y.abs() > 0.9487,  # 1 − y² < 0.1
}
ALLOCATIONS = frozenset(  # what they return holds whatever was in the memory: no operation made it
    {"empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided"}
    | {"resize_", "resize_as_"}
)
DEAD_AT_ZERO = ("relu", "relu_", "relu6")
ACTIVATIONS = (*FLAT, *DEAD_AT_ZERO, "leaky_relu", "gelu", "elu", "silu", "sigmoid_", "tanh_")
MODES = (
    *(nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout),
    *(nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm),
)
FEW = 8  # steps at the beginning that are all examined


@dataclass
class Observation:
    """What one examined step shows while it runs. The caller sets ``loss``."""

    loss: float = math.nan
    activations: list[ActivationReading] = field(default_factory=list)
    not_finite: NotFinite | None = None
    probabilities_into: str = ""
    logits_into: str = ""


class Examiner:
    """Examines some steps of a training loop: ``with examiner.watch(number) as step: …; step.loss = loss.item()``.

    Inside are ``zero_grad``, forward, backward and the optimizer's step. Nothing that is computed changes, and the
    random numbers are not touched.
    """

    def __init__(
        self,
        network: nn.Module,
        optimizer: torch.optim.Optimizer,
        every: int = 50,
        take: Callable[[Reading], None] | None = None,
    ) -> None:
        """``every`` so many steps are examined; ``take`` gets each reading, where it is not only kept here."""
        self.network, self.every = network, every
        mine = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        self.parameters = tuple(
            Parameter(name, parameter.requires_grad, id(parameter) in mine)
            for name, parameter in network.named_parameters()
        )
        self.readings: list[Reading] = []
        self.take = take or self.readings.append
        self.tests: list[Test] = []
        self.data: Data | None = None

    def is_due(self, step: int) -> bool:
        """Return whether the step after ``step`` batches is one to look at."""
        return step < FEW or step % self.every == 0

    @contextmanager
    def watch(self, step: int) -> Iterator[Observation]:
        """Look at one step and keep what was seen, also when it raises."""
        named = dict(self.network.named_parameters())
        before = {name: parameter.detach().clone() for name, parameter in named.items()}
        modes = tuple(name for name, module in self.network.named_modules() if is_off(module))
        listener = _Listener(self.network)
        left_over: set[str] = set()
        hooks = [
            parameter.register_hook(_remember(left_over, name, parameter))
            for name, parameter in named.items()
            if parameter.requires_grad
        ]
        try:
            with listener:
                yield listener.observation
        finally:
            for hook in hooks:
                hook.remove()
            listener.close()
            weights = tuple(
                _weight(name, before[name], parameter.detach(), parameter.grad, name in left_over)
                for name, parameter in named.items()
            )
            observation = listener.observation
            self.take(
                Reading(
                    step,
                    observation.loss,
                    weights,
                    tuple(observation.activations),
                    _spoilt(before) or observation.not_finite,
                    modes,
                    observation.probabilities_into,
                    observation.logits_into,
                )
            )

    def test(self, step: int, loss: float, training_loss: float) -> None:
        """Keep a test; to be called where it is measured, with the network in the mode that it was measured in."""
        modes = tuple(name for name, module in self.network.named_modules() if is_on(module))
        self.tests.append(Test(step, loss, training_loss, modes))

    def look_at(self, inputs: Tensor, targets: Tensor | None = None) -> None:
        """Measure what goes in, on a sample of examples: ``inputs`` (N, …), ``targets`` (N,) of classes or None."""
        self.data = measure(inputs, targets)

    def result(self) -> Examination:
        """Return what was seen so far."""
        return Examination(self.parameters, tuple(self.readings), tuple(self.tests), self.data)


def is_off(module: nn.Module) -> bool:
    """Return whether ``module`` behaves otherwise in training and is in eval mode."""
    return isinstance(module, MODES) and not module.training and getattr(module, "p", 1) != 0


def is_on(module: nn.Module) -> bool:
    """Return whether ``module`` behaves otherwise in training and is in training mode."""
    return isinstance(module, MODES) and module.training and getattr(module, "p", 1) != 0


def _remember(left_over: set[str], name: str, parameter: nn.Parameter) -> Callable[[Tensor], None]:
    """Return a hook that runs when the gradient comes, before it is added to what is there."""

    def hook(_gradient: Tensor) -> None:
        if parameter.grad is not None and bool(parameter.grad.count_nonzero()):
            left_over.add(name)

    return hook


def _spoilt(before: dict[str, Tensor]) -> NotFinite | None:
    name = next((name for name, value in before.items() if not bool(value.isfinite().all())), None)
    return None if name is None else NotFinite(name, "")


def _weight(name: str, before: Tensor, after: Tensor, gradient: Tensor | None, left_over: bool) -> WeightReading:
    return WeightReading(
        name,
        before.numel(),
        before.norm().item(),
        before.std(correction=0).item(),
        0.0 if gradient is None else gradient.norm().item(),
        (after - before).norm().item(),
        gradient is not None,
        left_over,
        histogram(before),
    )


def histogram(values: Tensor) -> Histogram:
    """Count ``values`` in ``BINS`` bins; what is not finite is not counted."""
    finite = values.detach().float().flatten()
    finite = finite[finite.isfinite()]
    if not len(finite):
        return Histogram(0.0, 0.0, (0,) * BINS)
    low, high = finite.min().item(), finite.max().item()
    counts = torch.histc(finite, BINS, low, high) if high > low else torch.tensor([len(finite)] + [0] * (BINS - 1))
    return Histogram(low, high, tuple(int(count) for count in counts))


class _Listener(TorchFunctionMode):
    """Sees each torch call of a step, and knows which layer ran last."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.observation = Observation()
        self.layer = ""
        self.hooks = [
            module.register_forward_pre_hook(self._entering(name))
            for name, module in network.named_modules()
            if name and not list(module.children())
        ]

    def close(self) -> None:
        for hook in self.hooks:
            hook.remove()

    def _entering(self, name: str) -> Callable[[nn.Module, Any], None]:
        def hook(module: nn.Module, _inputs: Any) -> None:
            if list(module.parameters(recurse=False)):
                self.layer = name

        return hook

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        observation = self.observation
        if isinstance(result, Tensor) and result.is_floating_point():
            computes = not name.startswith("__get") and name not in ALLOCATIONS
            if observation.not_finite is None and computes and not _is_finite(result) and _are_finite(args):
                observation.not_finite = NotFinite(self.layer, name)
            if name in ACTIVATIONS:
                observation.activations.append(
                    _activation(f"{self.layer} · {name}", name.rstrip("_"), result.detach())
                )
        if name in ("cross_entropy", "nll_loss") and args and isinstance(args[0], Tensor):
            self._check_loss(name, args[0].detach())
        return result

    def _check_loss(self, name: str, scores: Tensor) -> None:
        """Compare what a loss of classes was given with what it wants."""
        if scores.dim() != 2 or scores.shape[1] < 2:
            return
        if name == "cross_entropy" and bool((scores >= 0).all()) and _is_near(scores.sum(1), 1.0):
            self.observation.probabilities_into = name
        elif name == "nll_loss" and not _is_near(scores.logsumexp(1), 0.0):
            self.observation.logits_into = name


def _is_finite(value: object) -> bool:
    return not isinstance(value, Tensor) or not value.is_floating_point() or bool(value.isfinite().all())


def _are_finite(values: Sequence[object]) -> bool:
    return all(map(_is_finite, values))


def _is_near(values: Tensor, number: float) -> bool:
    return bool(((values - number).abs() < 1e-3).all())


def _activation(name: str, kind: str, values: Tensor) -> ActivationReading:
    """Read an activation (N, units, …): a unit of a map is its whole channel."""
    by_unit = values.transpose(0, 1).flatten(1) if values.dim() > 1 else values[None]
    dead = (by_unit == 0).all(dim=1).float().mean().item() if kind in DEAD_AT_ZERO else 0.0
    flat = FLAT[kind](values).float().mean().item() if kind in FLAT else 0.0
    return ActivationReading(
        name, kind, values.mean().item(), values.std(correction=0).item(), dead, flat, histogram(values)
    )


def measure(inputs: Tensor, targets: Tensor | None = None) -> Data:
    """Measure examples (N, …) and, for classes (N,), whether those of one class are more alike than by chance."""
    values = inputs.detach().double()
    mean, std = values.mean().item(), values.std(correction=0).item()
    if targets is None or targets.dim() != 1 or targets.is_floating_point():
        return Data(mean, std)
    flat, half = values.flatten(1), len(values) // 2
    classes = targets[:half].unique()
    centres = torch.stack([flat[:half][targets[:half] == each].mean(0) for each in classes])
    nearest = classes[torch.cdist(flat[half:], centres).argmin(1)]
    alike = (nearest == targets[half:]).double().mean().item()
    shares = torch.bincount(targets[half:]).double() / max(1, len(targets) - half)
    return Data(mean, std, len(targets.unique()), alike, shares.max().item(), len(targets) - half)
