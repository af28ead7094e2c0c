"""What the picture of a module holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.layer_facts import LayerFacts


@dataclass(frozen=True)
class Picture:
    """A module's first call: the layers, and their numbers as float32; ``note`` says what is left out.

    ``gradients`` are those of each layer's values, 0 where none arrived; empty where no backward pass was seen.
    """

    module: str
    line: int
    step: int
    image: tuple[int, ...] = ()
    layers: tuple[LayerFacts, ...] = ()
    numbers: bytes = field(default=b"", repr=False)
    gradients: bytes = field(default=b"", repr=False)
    note: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
