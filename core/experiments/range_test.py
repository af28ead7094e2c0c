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
FALL = 0.1  # of the first loss: a curve that falls less has no steepest place worth naming


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
    lowest = math.inf
    for index, which in enumerate(islice(_endless(len(data.train_labels), config.batch_size), batches)):
        rate = LOWEST * (HIGHEST / LOWEST) ** (index / (batches - 1))
        set_rate(state.optimizer, rate)
        loss = train_batch(parts, which)
        if not math.isfinite(loss):
            break
        rates.append(rate)
        losses.append(loss)
        now = smooth(losses)[-1]
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


def smooth(values: ArrayLike) -> NDArray[np.float64]:
    """Return the exponential moving average, corrected for its start: the mean of what there is so far."""
    average, averages = 0.0, []
    for index, value in enumerate(np.asarray(values, dtype=np.float64)):
        average = SMOOTHING * average + (1 - SMOOTHING) * value
        averages.append(average / (1 - SMOOTHING ** (index + 1)))
    return np.array(averages)


def suggest(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """Return the rate at which the smoothed loss falls most steeply over log(rate), before its lowest value.

    The rates are smoothed as the losses are: an average of losses belongs to the mean of their rates, not to the
    last one, which is some batches further. None where the loss falls by less than a tenth of its start.
    """
    loss, place = smooth(losses), smooth(np.log(rates))
    if len(loss) < FEW + 2 or loss.min() > (1 - FALL) * loss[0]:
        return None
    end = int(loss.argmin()) + 1
    if end < FEW + 2:
        return None
    slope = np.gradient(loss[:end], place[:end])[FEW:]
    return float(f"{math.exp(place[FEW + int(slope.argmin())]):.2g}")
