"""The source that a walk runs: the network's own code and the lines of the training step, with what to light."""

from __future__ import annotations

import inspect
import linecache
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from torch import nn

from core.trace.trace_record import Operation, Span
from core.walk import optimizer
from core.walk.setup import LOSS_LINES, Choice
from core.walk.walk import Step, Walk


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
    if kind.__module__.split(".")[0] == "torch":
        return Listing(kind.__name__, tuple(str(network).splitlines()))
    return _class_listing(kind) or Listing(kind.__name__, tuple(str(network).splitlines()))


@lru_cache(maxsize=32)  # Python reads the whole file each time
def _class_listing(kind: type[nn.Module]) -> Listing | None:
    """Return the source of a class; None where it is in no file."""
    try:
        lines, first = inspect.getsourcelines(kind)
        file = inspect.getsourcefile(kind) or ""
    except (OSError, TypeError):
        return None
    return Listing(f"class {kind.__name__}", tuple(line.rstrip("\n") for line in lines), first, str(Path(file)))


def step_listing(choice: Choice, call: str = "net(input)") -> Listing:
    """Return the training step as one writes it, from zero_grad to the new loss; ``call`` gives the output.

    A module of the reader's may have parameters that no gradient reaches, so there the loop by hand asks.
    """
    lines = ["optimizer.zero_grad()", f"output = {call}", LOSS_LINES[choice.loss]]
    if choice.loss != "backward":
        lines.append("loss.backward()")
    if choice.optimizer == "hand":
        lines[0] = "net.zero_grad()"
        lines += ["with torch.no_grad():", "    for p in net.parameters():"]
        if choice.network == "own":
            lines += ["        if p.grad is not None:", f"            p.sub_(p.grad * {choice.lr!r})"]
        else:
            lines += [f"        p.sub_(p.grad * {choice.lr!r})"]
    else:
        lines.append("optimizer.step()")
    again = "loss_after = " + LOSS_LINES[choice.loss].removeprefix("loss = ").replace("output", call)
    lines.append(f"output_after = {call}" if choice.loss == "backward" else again)
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
    span = next((span for span in operation.stack if _in(listing, span)), None)
    if span is None:
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


def _in(listing: Listing, span: Span) -> bool:
    return span.file == listing.file and 0 <= span.line - listing.first < len(listing.lines)


def _light_layer(listing: Listing, operation: Operation) -> list[Light]:
    """Return the line of the operation's module in a printed network, where depth is two spaces a level."""
    path: list[str] = []
    for i, line in enumerate(listing.lines):
        name, bracket, _ = line.strip().removeprefix("(").partition("): ")
        if bracket and line.lstrip().startswith("("):
            path[(len(line) - len(line.lstrip())) // 2 - 1 :] = [name]
            if operation.module and ".".join(path) == operation.module:
                return [Light(i, 0, -1)]
    return []
