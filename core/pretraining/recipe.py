"""Everything that decides how the network that ships is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """The configuration of ``make pretrained``; a step sees half MNIST images, half digits written again.

    ``renditions``: how many times each training digit is written again in all; the epochs take turns.
    ``learning_rate`` is the highest of a one-cycle schedule for AdamW; ``average`` the decay of the running
    average of the weights, which is what ships.
    """

    seed: int = 1
    epochs: int = 5
    batch_size: int = 256
    renditions: int = 3
    learning_rate: float = 0.004
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    average: float = 0.998
    threads: int = 2
