"""Why a fit goes as it goes: how steep its loss is, which learning rates that allows, and the surface itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.foundations.linear_fit import IN_FEATURES, OUT_FEATURES, Fit, FitSettings, problem, true_matrix

# By how much an optimizer's largest stable learning rate exceeds 1 / (largest eigenvalue). Adam and RMSprop divide
# by the gradient's size, Nesterov's bound is of another form: none here.
STABLE = {"SGD": 2.0, "momentum": 2.0 * (1 + 0.9)}
FAR = 1e6  # beyond this a path is not worth drawing


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
    given = problem(settings)
    eigenvalues = torch.linalg.eigvalsh(hessian(given.x)).clamp(min=0)
    picks = torch.stack(
        [torch.randperm(settings.samples, generator=given.generator)[: settings.batch_size] for _ in range(300)]
    )
    steepest = torch.linalg.eigvalsh(hessian(given.x[picks]))[:, -1].max().item()
    factor = STABLE.get(settings.optimizer)
    return Curvature(
        tuple(eigenvalues.tolist()),
        factor / eigenvalues[-1].item() if factor else None,
        factor / steepest if factor else None,
        _left_over(settings, eigenvalues),
    )


def _left_over(settings: FitSettings, eigenvalues: Tensor) -> float | None:
    flattest, steepest = (abs(1 - settings.learning_rate * eigenvalues[k].item()) for k in (0, -1))
    return flattest**settings.iterations if settings.optimizer == "SGD" and steepest <= 1 else None


@dataclass(frozen=True)
class Surface:
    """The loss over all samples for a grid of two weights, the others as they ended.

    ``losses`` (len(second), len(first)); ``path`` (points, 2) are the two weights along the training.
    """

    first: Tensor
    second: Tensor
    losses: Tensor
    path: Tensor
    path_iterations: Tensor
    target: tuple[float, float]


def surface(result: Fit, first: int, second: int, points: int = 61, path_points: int = 400) -> Surface:
    """Compute the loss around the path of weights number ``first`` and ``second`` (0 to 5, row by row of W)."""
    if first == second:
        raise InvalidSetting(N_("a surface needs two different weights"))
    flat = result.weights.flatten(1)
    iterations = torch.linspace(0, len(flat) - 1, min(path_points, len(flat))).long()
    path = flat[iterations][:, [first, second]]
    target = true_matrix(result.settings).flatten()
    axes = _axes(path, target[[first, second]], points)
    ended = flat[-1] if flat[-1].abs().max() < FAR else target
    grid = ended.repeat(points, points, 1)  # (second, first, 6)
    grid[..., first] = axes[0]
    grid[..., second] = axes[1].unsqueeze(1)
    losses = full_loss(problem(result.settings).x, problem(result.settings).y, grid)
    return Surface(axes[0], axes[1], losses, path, iterations, (float(target[first]), float(target[second])))


def _axes(path: Tensor, target: Tensor, points: int) -> list[Tensor]:
    sensible = path[path.abs().amax(1) < FAR]
    shown = torch.cat([sensible, target.unsqueeze(0)])
    low, high = shown.amin(0), shown.amax(0)
    margin = (0.15 * (high - low)).clamp(min=0.1)
    return [torch.linspace(float(a), float(b), points) for a, b in zip(low - margin, high + margin, strict=True)]


def full_loss(x: Tensor, y: Tensor, weights: Tensor) -> Tensor:
    """Return the mean squared error over all samples for matrices ``weights`` (..., 6), in float64."""
    predicted = x.double() @ weights.double().view(*weights.shape[:-1], IN_FEATURES, OUT_FEATURES)
    losses: Tensor = (predicted - y.double()).square().mean((-1, -2))
    return losses
