"""Evaluation: what a network answers on the test set."""

from __future__ import annotations

from typing import TypedDict

import torch
from torch import Tensor, nn

from core.training.config import TrainConfig
from core.training.events import Mistake
from core.training.examples import Examples
from core.training.network import Loss

WORST = 24  # mistakes that are kept of each test
CLASSES = 10


class Evaluation(TypedDict):
    """The fields of ``Tested`` that the network decides."""

    loss: float
    accuracy: float
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...]


def evaluate(network: nn.Module, examples: Examples, config: TrainConfig, loss_function: Loss) -> Evaluation:
    """Return loss, accuracy, confusion and worst mistakes.

    The loss is the tutorial's: the sum over each test batch, all of them added, divided by the examples.
    """
    network.eval()
    total = 0.0
    answers, losses = [], []
    with torch.inference_mode():
        for start in range(0, len(examples), config.test_batch_size):
            batch, truth = examples[start : start + config.test_batch_size]
            output = network(batch)  # (n, 10)
            total += loss_function(output, truth, reduction="sum").item()
            losses.append(loss_function(output, truth, reduction="none"))
            answers.append(output.argmax(dim=1))
        predicted, each, labels = torch.cat(answers), torch.cat(losses), examples.labels
    counts = torch.bincount(labels * CLASSES + predicted, minlength=CLASSES * CLASSES).view(CLASSES, CLASSES).cpu()
    return {
        "loss": total / len(labels),
        "accuracy": int(counts.diagonal().sum()) / len(labels),
        "confusion": tuple(tuple(row) for row in counts.tolist()),
        "mistakes": worst_mistakes(predicted, labels, each),
    }


def worst_mistakes(predicted: Tensor, labels: Tensor, losses: Tensor) -> tuple[Mistake, ...]:
    """Return the wrong answers with the highest loss, the worst first."""
    wrong = (predicted != labels).nonzero().flatten()
    order = losses[wrong].argsort(descending=True, stable=True)[:WORST]
    rows = wrong[order]
    columns = (rows, labels[rows], predicted[rows], losses[rows])
    return tuple(Mistake(*row) for row in zip(*(column.tolist() for column in columns), strict=True))
