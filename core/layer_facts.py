"""What is known of a layer that is drawn, as plain data: types that need no torch."""

from __future__ import annotations

from typing import TypedDict


class WindowFacts(TypedDict):
    """The window of a layer, each for height and width."""

    kernel_size: list[int]
    stride: list[int]
    padding: list[int]
    dilation: list[int]


class LayerFacts(TypedDict):
    """One layer: what it is called, the layers that it reads (-1: the image), and shapes; [] for no weight.

    ``call`` is the place of its first operation among all torch calls of the forward pass.
    """

    operations: list[str]
    name: str
    inputs: list[int]
    shape: list[int]
    window: WindowFacts | None
    weight: list[int]
    bias: bool
    call: int
