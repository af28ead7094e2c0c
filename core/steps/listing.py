"""The source that a walk runs: the network's own code and the lines of the training step, with what to light."""

from __future__ import annotations

import inspect
import linecache
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from core.steps import optimizer
from core.steps.setup import LOSS_LINES, Choice
from core.steps.walk import Step, Walk
from core.trace.records import Operation


@dataclass(frozen=True)
class Light:
    """Characters ``start`` to ``end`` of line ``line`` (from 0) of a listing; ``end`` -1 is the line's end."""

    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Listing:
    """A piece of code: its title, its lines, and the line number in its file of the first one (0: none)."""

    title: str
    lines: tuple[str, ...]
    first: int = 0
    file: str = ""


def network_listing(network: nn.Module) -> Listing:
    """Return the source of the class whose ``forward`` runs, ``__init__`` included.

    A ``Sequential`` has no forward of its own: its printed form stands in, one line a layer.
    """
    kind = next(each for each in type(network).__mro__ if "forward" in vars(each))
    if kind.__module__.startswith("torch.nn"):
        return Listing(kind.__name__, tuple(str(network).splitlines()))
    try:
        lines, first = inspect.getsourcelines(kind)
        file = inspect.getsourcefile(kind) or ""
    except (OSError, TypeError):
        return Listing(kind.__name__, tuple(str(network).splitlines()))
    return Listing(f"class {kind.__name__}", tuple(line.rstrip("\n") for line in lines), first, str(Path(file)))


def step_listing(choice: Choice) -> Listing:
    """Return the training step as a person writes it: zero_grad, forward, loss, backward, step."""
    lines = ["optimizer.zero_grad()", "output = net(input)", LOSS_LINES[choice.loss]]
    if choice.loss != "backward":
        lines.append("loss.backward()")
    if choice.optimizer == "hand":
        lines[0] = "net.zero_grad()"
        lines += [
            "with torch.no_grad():",
            "    for p in net.parameters():",
            f"        p.sub_(p.grad * {choice.lr:g})",
        ]
    else:
        lines.append("optimizer.step()")
    again = "loss_after = " + LOSS_LINES[choice.loss].removeprefix("loss = ").replace("output", "net(input)")
    lines.append("output_after = net(input)" if choice.loss == "backward" else again)
    title = optimizer.CODE.get(choice.optimizer, "").format(lr=repr(choice.lr))
    return Listing(title, tuple(lines))


def light_of_step(choice: Choice, step: Step) -> list[Light]:
    """Return what to light in the training step's listing."""
    count = len(step_listing(choice).lines)
    backward = 2 if choice.loss == "backward" else 3
    first, last = {
        "zero_grad": (0, 0),
        "forward": (1, 1),
        "loss": (2, 2),
        "backward": (backward, backward),
        "step": (backward + 1, count - 2),
        "after": (count - 1, count - 1),
    }[step.phase]
    return [Light(line, 0, -1) for line in range(first, last + 1)]


def light_of_network(walk: Walk, listing: Listing, step: Step) -> list[Light]:
    """Return the expression of the network that the step runs, or, in the backward pass, undoes."""
    if step.operation is None:
        return []
    operation = walk.record.operations[step.operation]
    if not listing.first:
        return _light_layer(listing, operation)
    span = operation.source
    if span is None or span.file != listing.file:
        return []
    lights = []
    for line in range(span.line, span.end_line + 1):
        place = line - listing.first
        if 0 <= place < len(listing.lines):
            # co_positions counts bytes of UTF-8, a listing is shown in characters
            text = linecache.getline(span.file, line).encode()
            start = len(text[: span.column].decode(errors="ignore")) if line == span.line else 0
            end = len(text[: span.end_column].decode(errors="ignore")) if line == span.end_line else -1
            lights.append(Light(place, start, end))
    return lights


def _light_layer(listing: Listing, operation: Operation) -> list[Light]:
    name = operation.module.split(".")[-1]
    return [
        Light(i, 0, -1) for i, line in enumerate(listing.lines) if name and line.strip().startswith(f"({name})")
    ]
