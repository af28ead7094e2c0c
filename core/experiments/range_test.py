"""The learning-rate range test: the rate grows from batch to batch, and the loss says where learning is fastest.

Source: L. N. Smith, "Cyclical Learning Rates for Training Neural Networks" (2017), section 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core import datasets
from core.datasets import Dataset
from core.training.batches import set_rate, train_batch
from core.training.config import TrainConfig
from core.training.examples import prepare
from core.training.loop import new_state, parts_of
from core.training.network import loss_of
from core.training.schedule import epoch_seed

BATCHES = 100
LOWEST, HIGHEST = 1e-5, 10.0
SMOOTHING = 0.8  # of the loss and of the logarithm of the rate, corrected for their start
FEW = 10  # losses: an average of fewer is too noisy to have a slope
ENOUGH = 4.0  # times the lowest smoothed loss: there it ends
FALL = 0.01  # of the loss at first: a curve that falls less has no steepest place worth naming
CLEAR = 3.5  # times the noise of a loss: falls by which medians differ, and do not by chance
NEAR = 7  # losses up to the lowest smoothed one, whose median is taken: no single one decides
STEADY = 0.7  # of the differences between neighbours are noise
WITHIN = 1.0364  # standard deviations, on either side, has a normal distribution that part of its values


@dataclass(frozen=True)
class RangeTest:
    """The rate and the loss of each batch, both smoothed; a suggestion, None where the loss does not fall.

    ``smoothed`` stands at ``smoothed_rates``, the means of the rates whose losses it averages: it does not lag.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed_rates: tuple[float, ...]
    smoothed: tuple[float, ...]
    suggestion: float | None


def range_test(config: TrainConfig, batches: int = BATCHES, data: Dataset | None = None) -> RangeTest:
    """Train ``batches`` batches at most while the rate grows from 1e-5 to 10 by equal factors; nothing is kept.

    ``data`` replaces the data set of ``config``.
    """
    config = config.with_(device="cpu", threads=1, parent=None)
    data = data or datasets.load(config.dataset)
    torch.set_num_threads(1)
    state = new_state(config)
    parts = parts_of(config, state, prepare(config, data)[0], loss_of(config))
    state.network.train()
    torch.manual_seed(epoch_seed(config.seed, 1))
    rates: list[float] = []
    losses: list[float] = []
    lowest, average = math.inf, SmoothCurve()
    for index, which in enumerate(islice(_endless(len(data.train_labels), config.batch_size), batches)):
        rate = LOWEST * (HIGHEST / LOWEST) ** (index / (batches - 1))
        set_rate(state.optimizer, rate)
        loss = train_batch(parts, which)
        if not math.isfinite(loss):
            break
        rates.append(rate)
        losses.append(loss)
        now = average.add(loss)
        lowest = min(lowest, now)
        if now > ENOUGH * lowest:
            break
    smoothed_rates = np.exp(smooth(np.log(rates)))
    return RangeTest(
        tuple(rates), tuple(losses), tuple(smoothed_rates), tuple(smooth(losses)), suggest(rates, losses)
    )


def _endless(examples: int, batch_size: int) -> Iterator[Tensor]:
    """Yield batches of indices, epoch after epoch, int64 (batch_size,)."""
    while True:
        yield from torch.randperm(examples).split(batch_size)


class SmoothCurve:
    """An exponential moving average, corrected for its start: the mean of what there is so far."""

    def __init__(self) -> None:
        self._sum, self._weight = 0.0, 0.0

    def add(self, value: float) -> float:
        """Return the average with one more value."""
        self._sum = SMOOTHING * self._sum + (1 - SMOOTHING) * value
        self._weight = SMOOTHING * self._weight + (1 - SMOOTHING)
        return self._sum / self._weight


def smooth(values: ArrayLike) -> NDArray[np.float64]:
    """Return the average after each value."""
    average = SmoothCurve()
    return np.array([average.add(value) for value in np.asarray(values, dtype=np.float64)])


def noise(losses: ArrayLike) -> float:
    """Return the standard deviation of a loss around its trend, from the differences of neighbours.

    The largest do not count: they are where the loss falls or rises steeply.
    """
    differences = np.abs(np.diff(np.asarray(losses, dtype=np.float64)))
    return float(np.quantile(differences, STEADY) / WITHIN / math.sqrt(2))


def suggest(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """Return the rate at which the smoothed loss falls most steeply over log(rate), before its lowest value.

    The rates are smoothed as the losses are: an average of losses belongs to the mean of their rates, not to the
    last one, which is some batches further. None where the loss falls by less than noise explains: how far it
    falls at all depends on the network, and says nothing.
    """
    loss, place = smooth(losses), smooth(np.log(rates))
    if len(loss) < FEW + 2:
        return None
    end = int(loss.argmin()) + 1
    if end < FEW + 2:
        return None
    level, deviation = float(np.median(losses[:FEW])), noise(losses[:end])
    if level - np.median(losses[end - NEAR : end]) < max(FALL * level, CLEAR * deviation):
        return None
    start = max(FEW, int(np.flatnonzero(loss[:end] > level - deviation).max(initial=0)))
    slope = np.gradient(loss[:end], place[:end])[start:]
    return float(f"{math.exp(place[start + int(slope.argmin())]):.2g}")
