"""Why a fit goes as it goes: how steep its loss is, which learning rates that allows, and the surface itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.foundations.linear_fit import IN_FEATURES, OUT_FEATURES, TRUE_WEIGHTS, FitSettings, Problem, problem

# By how much an optimizer's largest stable learning rate exceeds 1 / (largest eigenvalue). Adam and RMSprop divide
# by the gradient's size, Nesterov's bound is of another form: none here.
STABLE = {"SGD": 2.0, "momentum": 2.0 * (1 + 0.9)}
TWICE = N_("a surface needs two different weights")
# A path that leads away by more than so many times the distance of the start from the end is not drawn whole.
FAR = 3.0
# What the samples and their batches do not depend on: for all of its values the curvature is measured once.
TRAINING_ONLY: dict[str, Any] = {"weights": TRUE_WEIGHTS, "learning_rate": 1.0, "optimizer": "SGD", "iterations": 1}


@dataclass(frozen=True)
class Curvature:
    """How steep the loss over all samples is, and what that allows.

    The loss is a parabola in the weights of each output with Hessian :math:`H = \\frac{2}{N\\,D_{out}} X^T X`;
    ``eigenvalues`` are H's, ascending. Gradient descent shrinks the error along an eigenvector by
    :math:`1 - lr\\,\\lambda` an iteration, so it diverges when :math:`lr > 2/\\lambda_{max}`. ``limit`` is that
    learning rate for all samples at once, ``batch_limit`` the smallest one over 300 random mini-batches; with
    momentum both are larger by 1 + 0.9; where there is no such limit they are None. ``left_over`` is the share
    of the error along the flattest direction that plain SGD leaves after all iterations; None where it diverges.
    """

    eigenvalues: tuple[float, ...]
    limit: float | None
    batch_limit: float | None
    left_over: float | None

    @property
    def condition(self) -> float:
        """The largest eigenvalue over the smallest."""
        return self.eigenvalues[-1] / self.eigenvalues[0] if self.eigenvalues[0] > 0 else math.inf


def hessian(x: Tensor) -> Tensor:
    """Return (2 / (N D_out)) XᵀX in float64, the second derivative of the MSE for each output's weights."""
    x = x.double()
    return 2 / (x.shape[-2] * OUT_FEATURES) * x.mT @ x


def curvature(settings: FitSettings) -> Curvature:
    """Measure the loss's curvature on the samples of ``settings``."""
    eigenvalues, steepest = _eigenvalues(replace(settings, **TRAINING_ONLY))
    factor = STABLE.get(settings.optimizer)
    return Curvature(
        eigenvalues,
        factor / eigenvalues[-1] if factor else None,
        factor / steepest if factor else None,
        _left_over(settings, eigenvalues),
    )


@lru_cache(maxsize=64)
def _eigenvalues(settings: FitSettings) -> tuple[tuple[float, ...], float]:
    """Return the eigenvalues of H, and the largest one over 300 random mini-batches."""
    task = problem(settings)
    eigenvalues = torch.linalg.eigvalsh(hessian(task.x)).clamp(min=0)
    eigenvalues[: max(0, IN_FEATURES - settings.samples)] = 0  # as many are 0 but for rounding
    picks = torch.stack(
        [torch.randperm(settings.samples, generator=task.generator)[: settings.batch_size] for _ in range(300)]
    )
    steepest = torch.linalg.eigvalsh(hessian(task.x[picks]))[:, -1].max().item()
    return tuple(eigenvalues.tolist()), steepest


def _left_over(settings: FitSettings, eigenvalues: tuple[float, ...]) -> float | None:
    flattest, steepest = (abs(1 - settings.learning_rate * eigenvalues[k]) for k in (0, -1))
    return flattest**settings.iterations if settings.optimizer == "SGD" and steepest <= 1 else None


@dataclass(frozen=True)
class Bowl:
    """The loss over all samples as what it is, a parabola in six weights, in float64.

    :math:`L(W) = L(B) + \\frac{1}{2} \\sum_o (w_o - b_o)^T H (w_o - b_o)` with the columns w of W, one for each
    output: ``best`` is B (3, 2), a matrix of the least loss ``least``, and ``curvature`` is H (3, 3). With fewer
    than three samples there is more than one such matrix; B is the smallest.
    """

    best: Tensor
    least: float
    curvature: Tensor

    def loss(self, weights: Tensor) -> Tensor:
        """Return the loss of the matrices ``weights`` (..., 6), row by row."""
        away = weights.double().view(*weights.shape[:-1], IN_FEATURES, OUT_FEATURES) - self.best
        squares: Tensor = (away * (self.curvature @ away)).sum((-1, -2))
        return self.least + squares / 2


def bowl(task: Problem) -> Bowl:
    """Return the loss over all samples of ``task``."""
    x, y = task.x.double(), task.y.double()
    best = torch.linalg.lstsq(x, y, driver="gelsd").solution  # the one driver that takes too few samples
    least = (x @ best - y).square().mean().item()
    return Bowl(best, least, hessian(task.x))


@dataclass(frozen=True)
class Surface:
    """The loss over all samples for a grid of two weights, ``losses`` (len(second), len(first)).

    The other four weights are where the loss is least.
    """

    first: Tensor
    second: Tensor
    losses: Tensor


@dataclass(frozen=True)
class Extent:
    """From where to where two weights are drawn."""

    low: tuple[float, float]
    high: tuple[float, float]

    def holds(self, path: Tensor) -> bool:
        """Return whether every point of ``path`` (n, 2) is drawn."""
        return bool(((path >= torch.tensor(self.low)) & (path <= torch.tensor(self.high))).all())


def extent(marks: Tensor, path: Tensor) -> Extent:
    """Return what shows ``marks`` (n, 2) and, unless it leads too far away, ``path`` (m, 2)."""
    low, high = marks.amin(0), marks.amax(0)
    away = FAR * (high - low).clamp(min=0.1)
    points = path.nan_to_num()
    least = torch.minimum(low, points.amin(0)).maximum(low - away)
    most = torch.maximum(high, points.amax(0)).minimum(high + away)
    margin = (0.15 * (most - least)).clamp(min=0.1)
    return Extent(_pair(least - margin), _pair(most + margin))


def _pair(point: Tensor) -> tuple[float, float]:
    first, second = point.tolist()
    return first, second


def surface(whole: Bowl, first: int, second: int, extent: Extent, points: int = 81) -> Surface:
    """Compute the loss over weights number ``first`` and ``second`` (0 to 5, row by row of W)."""
    if first == second:
        raise InvalidSetting(TWICE)
    axes = [torch.linspace(low, high, points) for low, high in zip(extent.low, extent.high, strict=True)]
    grid = whole.best.flatten().repeat(points, points, 1)  # (second, first, 6)
    grid[..., first] = axes[0]
    grid[..., second] = axes[1].unsqueeze(1)
    return Surface(axes[0], axes[1], whole.loss(grid))
