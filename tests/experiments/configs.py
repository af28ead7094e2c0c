"""A run whose settings are not those by default."""

from __future__ import annotations

from core.training.config import TrainConfig

UNUSUAL = TrainConfig(
    dataset="digits",
    network="lenet5",
    optimizer="adam",
    learning_rate=0.05,
    batch_size=128,
    dropout=False,
    threads=1,
)
