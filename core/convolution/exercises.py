"""Predict the size: exercises of growing difficulty, their arithmetic, and what a wrong answer came from."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from core.convolution.layer import Layer
from core.errors import N_
from core.windows import formula
from core.windows.sizes import Size

LEVELS = 10
CHANNELS = ("in_channels", "out_channels")
SIZE, PADDING, FLATTEN = "size", "padding", "flatten"


@dataclass(frozen=True)
class Exercise:
    """A question about square layers, one after the other.

    ``asks`` is "size" (the side that comes out at the end), "padding" (the one that keeps the size of the only
    layer) or "flatten" (how many numbers a flatten gives after the last layer).
    """

    level: int
    layers: tuple[Layer, ...]
    asks: str
    answer: int

    def sizes(self) -> list[Size]:
        """Return the size of each layer, height and width being alike."""
        return [layer.sizes()[0] for layer in self.layers]

    def arithmetic(self) -> list[str]:
        """Return the way to the answer, a line a layer."""
        if self.asks == PADDING:
            layer = self.layers[0]
            k, d = layer.kernel_size[0], layer.dilation[0]
            return [f"2·p = {d}·({k} − 1) = {d * (k - 1)}", f"p = {self.answer}", formula.plain(self.sizes()[0])]
        lines = [formula.plain(size) for size in self.sizes()]
        if self.asks == FLATTEN:
            side = self.sizes()[-1].output
            lines.append(f"{self.layers[-1].outputs}·{side}·{side} = {self.answer}")
        return lines


def square(kind: str, size: int, kernel: int, **settings: int) -> Layer:
    """Make a square layer; ``settings`` are numbers by PyTorch's names."""
    pairs = {name: (value, value) for name, value in settings.items() if name not in CHANNELS}
    numbers = {name: value for name, value in settings.items() if name in CHANNELS}
    if kind == "max":
        pairs.setdefault("stride", (kernel, kernel))
    return Layer(kind=kind, size=(size, size), kernel_size=(kernel, kernel), **pairs, **numbers)  # type: ignore[arg-type]


def exercise(level: int, seed: int) -> Exercise:
    """Return the exercise of ``level`` (1 to ``LEVELS``) that ``seed`` draws; equal seeds, equal exercises."""
    pick = random.Random(f"{level}/{seed}")
    layers, asks = _draw(level, pick)
    if asks == PADDING:
        return Exercise(level, layers, asks, layers[0].dilation[0] * (layers[0].kernel_size[0] - 1) // 2)
    side = layers[-1].sizes()[0].output
    return Exercise(level, layers, asks, layers[-1].outputs * side * side if asks == FLATTEN else side)


def _draw(level: int, pick: random.Random) -> tuple[tuple[Layer, ...], str]:
    """Draw the layers: window; padding; stride that divides; floor; pooling; keep the size; dilation; ..."""
    kernel, size = pick.choice([3, 5, 7]), pick.choice([12, 16, 20, 28, 32])
    if level == 1:
        return (square("conv", size, kernel),), SIZE
    if level == 2:
        return (square("conv", size, kernel, padding=pick.choice([1, 2, 4])),), SIZE
    if level == 3:
        return (square("conv", kernel + 2 * pick.randint(3, 9), kernel, stride=2),), SIZE
    if level == 4:
        return (square("conv", kernel + 3 * pick.randint(3, 6) + pick.choice([1, 2]), kernel, stride=3),), SIZE
    if level == 5:
        return (square("max", pick.choice([13, 24, 15, 11, 27]), pick.choice([2, 3])),), SIZE
    if level == 6:
        kernel = pick.choice([3, 5, 7, 9])
        return (square("conv", size, kernel, padding=(kernel - 1) // 2),), PADDING
    if level == 7:
        return (square("conv", size, 3, dilation=pick.choice([2, 3]), padding=pick.choice([0, 1])),), SIZE
    if level == 8:
        return (square("transposed", pick.randint(4, 9), pick.choice([3, 4]), stride=2, padding=1),), SIZE
    return _chain(pick, size, level == LEVELS)


def _chain(pick: random.Random, size: int, flatten: bool) -> tuple[tuple[Layer, ...], str]:
    """Draw a convolution, a pooling and another convolution; with ``flatten`` ask how many numbers remain."""
    first = square("conv", size + 4, pick.choice([3, 5]), in_channels=1, out_channels=pick.choice([4, 6, 10]))
    channels = first.out_channels
    pooled = square("max", first.sizes()[0].output, 2, in_channels=channels)
    side = pooled.sizes()[0].output
    last = square("conv", side, 3, in_channels=channels, out_channels=pick.choice([8, 16, 20]))
    return (first, pooled, last), FLATTEN if flatten else SIZE


def mistake(task: Exercise, answer: int) -> str:
    """Return what the wrong ``answer`` probably came from, a sentence to translate; empty when nothing fits."""
    if task.asks == PADDING:
        return _padding_mistake(task, answer)
    if task.asks == FLATTEN:
        side = task.sizes()[-1].output
        by_answer = {
            side * side: N_("That is one channel; flatten takes the numbers of all channels."),
            side: N_("That is the side; flatten gives channels times height times width."),
            task.layers[-1].outputs * side: N_("Height and width both count: channels times height times width."),
        }
        return by_answer.get(answer, "")
    if len(task.layers) > 1:
        sides = [size.output for size in task.sizes()[:-1]]
        return N_("That is the size after an earlier layer: go on to the last one.") if answer in sides else ""
    return _size_mistake(task.sizes()[0], answer)


def _padding_mistake(task: Exercise, answer: int) -> str:
    if answer == 2 * task.answer:
        return N_("That is the padding of both sides together; PyTorch's number is that of one side.")
    return ""


def _size_mistake(size: Size, answer: int) -> str:
    """Name the step that was left out, trying the usual ones in turn."""
    if size.layer == "transposed":
        forward = (size.travel // size.stride) + 1
        return (
            N_("That is the size of a convolution; a transposed one goes the other way.")
            if answer == forward
            else ""
        )
    unpadded = size.travel - size.before - size.after
    undilated = size.travel + size.span - size.kernel_size
    guesses = [
        (size.output - 1, N_("The + 1 is missing: the window also stands at its first place.")),
        (size.travel + 1, N_("That is with stride 1: divide the distance by the stride.")),
        (math.ceil(size.travel / size.stride) + 1, N_("Rounded up: PyTorch rounds down, half a step is no step.")),
        (unpadded // size.stride + 1, N_("The padding is missing.")),
        ((unpadded + size.before) // size.stride + 1, N_("The padding counts on both sides: 2·p.")),
        (undilated // size.stride + 1, N_("The dilation is missing: the window spans d·(k − 1) + 1 cells.")),
        (size.input // size.stride, N_("Stride does not simply divide the size: the window needs its room too.")),
        (size.input, N_("The size stays only with the padding that makes up for the window.")),
    ]
    return next((sentence for guess, sentence in guesses if guess == answer != size.output), "")
