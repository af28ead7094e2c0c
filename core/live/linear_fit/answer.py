"""The messages of a fit: the first iterations with the surface of the loss, then the others, then its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from core.errors import InvalidSetting
from core.foundations.fit_surface import TWICE, Bowl, Extent, bowl, curvature, extent, surface
from core.foundations.linear_fit import FitSettings, Problem, Stretch, problem, true_matrix
from core.i18n import translate_error
from core.live.instrument import Answer, Ask, Later, Part
from core.live.linear_fit.run import SHOWN, is_last, trained
from core.live.linear_fit.sentences import end, limit, reasons
from core.live.linear_fit.settings import WEIGHTS, fit_settings


class SurfaceFacts(TypedDict):
    """The loss over weights number ``across`` and ``upward``, from ``low`` to ``high``, ``points`` on each side."""

    across: int
    upward: int
    low: list[float]
    high: list[float]
    points: int


class FitHeader(TypedDict):
    """Iterations ``first`` to ``first + count`` of a fit that has ``total``; ``fit`` names it.

    The numbers: where ``first`` is 0 the six weights at the start; after each iteration the weights, the gradients,
    the losses and the numbers of ``samples`` samples of each mini-batch; and those of the ``surface``, row by row,
    where it is another one. ``why`` says why there is none. ``limit`` and ``reasons`` come with the first message,
    ``end`` with the last.
    """

    fit: str
    first: int
    count: int
    total: int
    diverged: bool
    samples: int
    more: bool
    lr: str
    plain: bool
    target: list[float]
    surface: SurfaceFacts | None
    why: str
    limit: str
    reasons: list[str]
    end: str


class Ground:
    """The surface below the path of a fit, which is drawn again when the path leaves it."""

    def __init__(self, settings: FitSettings, fit_problem: Problem, across: str, upward: str) -> None:
        self.pair = [WEIGHTS.index(across), WEIGHTS.index(upward)]
        self.whole: Bowl = bowl(fit_problem)
        every = (fit_problem.start.t(), true_matrix(settings), self.whole.best.float())
        self.marks = torch.stack([each.flatten()[self.pair] for each in every])
        self.path = self.marks[:1]  # its ends in each direction
        self.extent: Extent | None = None

    def below(self, weights: Tensor) -> tuple[SurfaceFacts, Tensor] | None:
        """Return the surface where it has to be another one for the matrices ``weights`` (n, 3, 2)."""
        reached = torch.cat([self.path, weights.flatten(1)[:, self.pair]]).nan_to_num()
        self.path = torch.stack([reached.amin(0), reached.amax(0)])
        area = extent(self.marks, self.path)
        if self.extent is not None and (self.extent.holds(self.path) or area == self.extent):
            return None
        self.extent = area
        losses_around = surface(self.whole, self.pair[0], self.pair[1], area)
        facts: SurfaceFacts = {
            "across": self.pair[0],
            "upward": self.pair[1],
            "low": list(area.low),
            "high": list(area.high),
            "points": len(losses_around.first),
        }
        return facts, losses_around.losses


def answer(ask: Ask) -> Iterator[Part]:
    """Train and yield what was done so far; raises ``InvalidSetting`` where the settings are impossible."""
    settings = fit_settings(ask.settings)
    fit_problem = problem(settings)
    ground, why = _ground(ask, settings, fit_problem)
    for stretch in trained(settings, fit_problem):
        if isinstance(stretch, Later):
            yield stretch
            continue
        header, arrays = _iterations(settings, fit_problem, stretch)
        new_surface = ground.below(stretch.weights) if ground else None
        if new_surface:
            header["surface"] = new_surface[0]
            arrays.append(new_surface[1])
        header["why"] = why
        if not stretch.first:
            steep = curvature(settings)
            header["limit"] = limit(ask, settings, steep)
            header["reasons"] = reasons(ask, settings, steep)
        if is_last(settings, stretch):
            header["end"] = end(ask, settings, stretch)
        yield Answer(header, arrays)


def _ground(ask: Ask, settings: FitSettings, fit_problem: Problem) -> tuple[Ground | None, str]:
    """Return what the path lies on, or None and why there is nothing."""
    across, upward = str(ask.settings["across"]), str(ask.settings["upward"])
    if across == upward:
        return None, translate_error(ask.language, InvalidSetting(TWICE))
    return Ground(settings, fit_problem, across, upward), ""


def _iterations(settings: FitSettings, fit_problem: Problem, stretch: Stretch) -> tuple[FitHeader, list[ArrayLike]]:
    count = len(stretch.losses)
    header: FitHeader = {
        "fit": repr(settings),
        "first": stretch.first,
        "count": count,
        "total": stretch.first + count if stretch.diverged else settings.iterations,
        "diverged": stretch.diverged,
        "samples": min(SHOWN, settings.batch_size),
        "more": settings.batch_size > SHOWN,
        "lr": f"{settings.learning_rate:g}",
        "plain": settings.optimizer == "SGD",
        "target": true_matrix(settings).flatten().tolist(),
        "surface": None,
        "why": "",
        "limit": "",
        "reasons": [],
        "end": "",
    }
    start = [] if stretch.first else [fit_problem.start.t()]
    return header, [*start, stretch.weights, stretch.gradients, stretch.losses, stretch.batches]
