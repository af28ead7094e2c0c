"""Warming up: what a standby worker does before it knows its run, so that Start means start."""

from __future__ import annotations

from core import datasets
from core.training.batches import Parts, train_batch
from core.training.config import TrainConfig
from core.training.examples import Examples
from core.training.loop import new_state
from core.training.network import loss_of


def warm_up() -> None:
    """Import torch, train one batch of nothing, and load the data set that most runs take; the loader keeps it."""
    import torch

    config = TrainConfig()
    torch.set_num_threads(config.threads)
    state = new_state(config)
    which = torch.arange(config.batch_size)
    examples = Examples(torch.zeros(config.batch_size, 28, 28, dtype=torch.uint8), torch.zeros_like(which), 0)
    train_batch(Parts(state.network, state.optimizer, examples, loss_of(config)), which)
    datasets.preferred()
