"""Warming up: what a standby worker does before it knows its run, so that Start means start."""

from __future__ import annotations

from core import datasets
from core.training.config import TrainConfig
from core.training.loop import new_state, train_batch
from core.training.network import loss_of


def warm_up() -> None:
    """Import torch, train one batch of nothing, and load the data set that most runs take; the loader keeps it."""
    import torch

    config = TrainConfig()
    torch.set_num_threads(config.threads)
    state = new_state(config)
    images, labels = torch.zeros(config.batch_size, 1, 28, 28), torch.zeros(config.batch_size, dtype=torch.int64)
    train_batch(state, images, labels, loss_of(config))
    datasets.preferred()
