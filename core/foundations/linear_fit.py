"""The tutorial's first program: ``nn.Linear`` finds a known 3x2 matrix; every iteration is kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.errors import N_, InvalidSetting

IN_FEATURES, OUT_FEATURES = 3, 2
TRUE_WEIGHTS = (0.3, 0.4, 0.5, 0.6, 0.6, 0.2)
TOO_LARGE = 1e12  # a loss beyond this is on its way to infinity: the run stops there

OPTIMIZERS: dict[str, str] = {
    "SGD": "torch.optim.SGD(model.parameters(), lr={lr})",
    "momentum": "torch.optim.SGD(model.parameters(), lr={lr}, momentum=0.9)",
    "nesterov": "torch.optim.SGD(model.parameters(), lr={lr}, momentum=0.9, nesterov=True)",
    "Adam": "torch.optim.Adam(model.parameters(), lr={lr})",
    "RMSprop": "torch.optim.RMSprop(model.parameters(), lr={lr})",
}
TITLES = {"momentum": "SGD, momentum=0.9", "nesterov": "SGD, nesterov=True"}
_BUILDERS: dict[str, Callable[[list[nn.Parameter], float], torch.optim.Optimizer]] = {
    "SGD": lambda weights, lr: torch.optim.SGD(weights, lr=lr),
    "momentum": lambda weights, lr: torch.optim.SGD(weights, lr=lr, momentum=0.9),
    "nesterov": lambda weights, lr: torch.optim.SGD(weights, lr=lr, momentum=0.9, nesterov=True),
    "Adam": lambda weights, lr: torch.optim.Adam(weights, lr=lr),
    "RMSprop": lambda weights, lr: torch.optim.RMSprop(weights, lr=lr),
}


@dataclass(frozen=True)
class FitSettings:
    """Everything that decides a fit. ``weights`` is the true W, row by row (3 rows of 2)."""

    weights: tuple[float, ...] = TRUE_WEIGHTS
    samples: int = 100
    batch_size: int = 4
    learning_rate: float = 0.01
    noise: float = 0.0
    optimizer: str = "SGD"
    seed: int = 1
    iterations: int = 5000

    def __post_init__(self) -> None:
        if len(self.weights) != IN_FEATURES * OUT_FEATURES or not all(map(math.isfinite, self.weights)):
            raise InvalidSetting(N_("W needs six finite numbers, not {weights}"), weights=self.weights)
        if not 1 <= self.batch_size <= self.samples:
            raise InvalidSetting(
                N_(
                    "a batch of {batch_size} cannot be drawn without replacement from {samples} "
                    "{samples:sample|samples}"
                ),
                batch_size=self.batch_size,
                samples=self.samples,
            )
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise InvalidSetting(N_("the learning rate must be above 0, not {lr}"), lr=self.learning_rate)
        if not (math.isfinite(self.noise) and self.noise >= 0):
            raise InvalidSetting(N_("the noise must be 0 or more, not {noise}"), noise=self.noise)
        if self.optimizer not in OPTIMIZERS:
            raise InvalidSetting(N_("there is no optimizer {optimizer} here"), optimizer=self.optimizer)


@dataclass(frozen=True)
class Problem:
    """The samples and what training starts from; ``generator`` goes on to draw the batches.

    Shapes: ``x`` (samples, 3), ``y`` (samples, 2), ``start`` (2, 3) as ``nn.Linear`` holds it.
    """

    x: Tensor
    y: Tensor
    start: Tensor
    generator: torch.Generator


@dataclass(frozen=True)
class Stretch:
    """Some iterations of a fit, n of them, the first of which is number ``first`` from 0.

    ``weights`` (n, 3, 2) are the matrix after each, ``gradients`` (n, 3, 2) what led there, laid out as W
    (``model.weight.t()``); ``losses`` (n,) in float64 are those of the mini-batches with the sample numbers
    ``batches`` (n, batch_size). ``diverged``: the last loss left the range of sensible numbers, and the fit ends.
    """

    first: int
    weights: Tensor
    gradients: Tensor
    losses: Tensor
    batches: Tensor
    diverged: bool


@dataclass(frozen=True)
class Fit:
    """A finished fit, iteration by iteration.

    ``weights`` (T + 1, 3, 2) are the learned matrix before the first and after every iteration, laid out as W
    (``model.weight.t()``); ``gradients`` (T, 3, 2) likewise; ``losses`` (T,) are those of the mini-batches
    whose sample numbers are ``batches`` (T, batch_size). ``diverged_at`` is the iteration at which the loss
    left the range of sensible numbers, or None.
    """

    settings: FitSettings
    weights: Tensor
    gradients: Tensor
    losses: Tensor
    batches: Tensor
    diverged_at: int | None

    @property
    def learned(self) -> Tensor:
        """The last matrix, (3, 2)."""
        return self.weights[-1]

    @property
    def difference(self) -> Tensor:
        """Learned minus true matrix, (3, 2)."""
        return self.learned - true_matrix(self.settings)


def true_matrix(settings: FitSettings) -> Tensor:
    """Return W as a (3, 2) tensor."""
    return torch.tensor(settings.weights).view(IN_FEATURES, OUT_FEATURES)


def problem(settings: FitSettings) -> Problem:
    """Draw the samples, x uniform in [0, 1), y = x W + noise, and the initial weights of ``nn.Linear``."""
    generator = torch.Generator().manual_seed(settings.seed)
    x = torch.rand(settings.samples, IN_FEATURES, generator=generator)
    y = x @ true_matrix(settings)  # (samples, 3) @ (3, 2) -> (samples, 2)
    if settings.noise:
        y = y + settings.noise * torch.randn(settings.samples, OUT_FEATURES, generator=generator)
    start = torch.empty(OUT_FEATURES, IN_FEATURES)
    nn.init.kaiming_uniform_(start, a=math.sqrt(5), generator=generator)  # nn.Linear's own rule
    return Problem(x, y, start, generator)


def model_of(start: Tensor) -> nn.Linear:
    """Return ``nn.Linear(3, 2, bias=False)`` with ``start`` as its weight."""
    # Built without memory, so that nothing is drawn from PyTorch's global generator.
    model = nn.Linear(IN_FEATURES, OUT_FEATURES, bias=False, device="meta").to_empty(device="cpu")
    with torch.no_grad():
        model.weight.copy_(start)
    return model


def optimizer_of(settings: FitSettings, model: nn.Linear) -> torch.optim.Optimizer:
    """Build the chosen optimizer over the model's one weight."""
    return _BUILDERS[settings.optimizer](list(model.parameters()), settings.learning_rate)


def draw_batches(settings: FitSettings, generator: torch.Generator, count: int) -> Tensor:
    """Draw the sample numbers of the next ``count`` mini-batches, without replacement: (count, batch_size)."""
    draws = [torch.randperm(settings.samples, generator=generator) for _ in range(count)]
    return torch.stack(draws)[:, : settings.batch_size]


def stretches(settings: FitSettings, task: Problem, sizes: Iterable[int]) -> Iterator[Stretch]:
    """Train from the start of ``task``, and yield so many iterations at a time as ``sizes`` says one by one.

    Ends after ``settings.iterations``, or when the loss leaves the range of sensible numbers.
    """
    model = model_of(task.start)
    optimizer = optimizer_of(settings, model)
    step = 0
    for size in sizes:
        count = min(size, settings.iterations - step)
        if not count:
            return
        stretch = _train(model, optimizer, task, step, draw_batches(settings, task.generator, count))
        yield stretch
        if stretch.diverged:
            return
        step += count


def _train(
    model: nn.Linear, optimizer: torch.optim.Optimizer, task: Problem, first: int, batches: Tensor
) -> Stretch:
    """Take one step with each of ``batches``."""
    loss_of = nn.MSELoss()
    weights, gradients = (torch.empty(len(batches), OUT_FEATURES, IN_FEATURES) for _ in range(2))
    losses: list[float] = []
    for number, batch in enumerate(batches):
        optimizer.zero_grad()
        loss = loss_of(model(task.x[batch]), task.y[batch])
        loss.backward()
        optimizer.step()
        assert model.weight.grad is not None
        gradients[number], weights[number] = model.weight.grad, model.weight.detach()
        losses.append(loss.item())
        if not losses[-1] < TOO_LARGE:
            break
    count = len(losses)
    return Stretch(
        first,
        weights[:count].mT,
        gradients[:count].mT,
        torch.tensor(losses, dtype=torch.float64),
        batches[:count],
        not losses[-1] < TOO_LARGE,
    )


def fit(settings: FitSettings) -> Fit:
    """Train and keep every iteration; stop early when the loss leaves the range of sensible numbers."""
    task = problem(settings)
    (all_of_it,) = stretches(settings, task, [settings.iterations])
    return Fit(
        settings,
        torch.cat([task.start.t().unsqueeze(0), all_of_it.weights]),
        all_of_it.gradients,
        all_of_it.losses,
        all_of_it.batches,
        len(all_of_it.losses) - 1 if all_of_it.diverged else None,
    )
