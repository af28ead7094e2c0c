"""Two experiments on gradients: several ``backward()`` before one ``step()``, and a forgotten ``zero_grad()``."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.foundations.linear_fit import TOO_LARGE, FitSettings, draw_batches, model_of, problem

SCALINGS = ("none", "divide by k", "by share")


@dataclass(frozen=True)
class Accumulation:
    """The gradient of one large batch beside the sums over its micro-batches, each (3, 2).

    ``sizes`` are the micro-batches' sizes; ``sums`` holds ``weight.grad`` after all ``backward()`` calls for
    each way of ``SCALINGS``: the losses as they are, each divided by their number k, and each multiplied by its
    share of the samples. The mean over B samples is :math:`\\sum_i \\frac{b_i}{B}\\,\\text{mean}_i`, so only equal
    sizes may be divided by k.
    """

    sizes: tuple[int, ...]
    large: Tensor
    sums: dict[str, Tensor]

    def largest_difference(self, scaling: str) -> float:
        """Return the largest absolute difference from the large batch's gradient."""
        return float((self.sums[scaling] - self.large).abs().max())


def accumulate(settings: FitSettings, micro: int, size: int) -> Accumulation:
    """Split the first ``size`` samples into ``micro`` parts, as equal as they can be, and add their gradients."""
    if not 1 <= micro <= size <= settings.samples:
        raise InvalidSetting(
            N_("{size} of {samples} {samples:sample|samples} cannot be split into {micro} micro-batches"),
            size=size,
            samples=settings.samples,
            micro=micro,
        )
    task = problem(settings)
    x, y = task.x[:size], task.y[:size]
    parts = list(zip(x.tensor_split(micro), y.tensor_split(micro), strict=True))
    factors = {
        "none": [1.0] * micro,
        "divide by k": [1 / micro] * micro,
        "by share": [len(part) / size for part, _ in parts],
    }
    sums = {name: _gradient(task.start, parts, factors[name]) for name in SCALINGS}
    return Accumulation(tuple(len(part) for part, _ in parts), _gradient(task.start, [(x, y)], [1.0]), sums)


def _gradient(start: Tensor, parts: list[tuple[Tensor, Tensor]], factors: list[float]) -> Tensor:
    model, loss_of = model_of(start), nn.MSELoss()
    for (x, y), factor in zip(parts, factors, strict=True):
        (factor * loss_of(model(x), y)).backward()  # each call adds to weight.grad
    assert model.weight.grad is not None
    return model.weight.grad.t().clone()


@dataclass(frozen=True)
class Forgetting:
    """The same training with and without ``zero_grad()``: losses over all samples, and the sizes of ``.grad``."""

    cleared_losses: Tensor
    kept_losses: Tensor
    cleared_norms: Tensor
    kept_norms: Tensor

    @property
    def diverged(self) -> bool:
        """Whether one of the two left the range of sensible numbers, so that their ends cannot be compared."""
        return not (self.cleared_losses[-1] < TOO_LARGE and self.kept_losses[-1] < TOO_LARGE)

    @property
    def swings(self) -> bool:
        """Whether the loss without ``zero_grad`` rises again and again, in more than a tenth of the iterations."""
        return bool((self.kept_losses.diff() > 0).double().mean() > 0.1)


def forget_zero_grad(settings: FitSettings, iterations: int = 400) -> Forgetting:
    """Run ``iterations`` of plain SGD twice on the same batches, once without ``zero_grad()``."""
    cleared = _losses_and_norms(settings, iterations, forget=False)
    uncleared = _losses_and_norms(settings, iterations, forget=True)
    return Forgetting(cleared[0], uncleared[0], cleared[1], uncleared[1])


def _losses_and_norms(settings: FitSettings, iterations: int, forget: bool) -> tuple[Tensor, Tensor]:
    task = problem(settings)
    batches = draw_batches(settings, task.generator, min(iterations, settings.iterations))
    model, loss_of = model_of(task.start), nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=settings.learning_rate)
    losses, norms = [], []
    for batch in batches:
        if not forget:
            optimizer.zero_grad()
        loss_of(model(task.x[batch]), task.y[batch]).backward()
        assert model.weight.grad is not None
        norms.append(model.weight.grad.norm().item())
        optimizer.step()
        with torch.no_grad():
            losses.append(loss_of(model(task.x), task.y).item())
        if not losses[-1] < TOO_LARGE:
            break
    return torch.tensor(losses, dtype=torch.float64), torch.tensor(norms, dtype=torch.float64)
