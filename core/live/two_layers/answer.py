"""The messages: the losses of the next iterations, and how far the first three programs are apart so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

import numpy as np

from core.errors import N_
from core.foundations.two_layers import LOCKSTEP, WAYS, Lockstep, WaysSettings, compared
from core.live.instrument import Answer, Ask, Later, Part
from core.live.two_layers.run import FirstLoss, together
from core.live.two_layers.settings import ways_settings

TOO_LARGE = N_("With these settings the loss becomes too large for a float: choose a smaller learning rate.")


class WaysHeader(TypedDict):
    """Iterations ``first`` to ``first + count`` of ``total`` of the programs that ``run`` names.

    The numbers are the ``count`` losses of each program, one program after the other; ``latest`` are the last of
    them, which a float32 may be too short for. ``parameters`` stands in the first message, which has no losses yet;
    ``comparison`` is of all and ends where a loss is no number any more: ``warning`` says so. The last message has
    the ``rows`` of a table, iteration, four losses and the difference of three, and what ``printed`` prints.
    """

    run: str
    first: int
    count: int
    total: int
    latest: list[str]
    comparison: str
    warning: str
    parameters: str
    rows: list[list[str]]
    printed: str


def answer(ask: Ask) -> Iterator[Part]:
    """Run the programs and yield what they did so far; raises ``InvalidSetting`` where that is impossible."""
    settings = ways_settings(ask.settings)
    losses: dict[str, list[float]] = {way: [] for way in WAYS}
    first_loss = largest = 0.0
    for part in together(settings):
        if isinstance(part, Later):
            yield part
            continue
        header = _header(settings, len(losses["numpy"]))
        if isinstance(part, FirstLoss):
            first_loss = part.loss
            header["parameters"] = _parameters(ask, settings, first_loss)
            yield Answer(header)
            continue
        for way in WAYS:
            losses[way] += part[way]
        result = compared(part, first_loss)
        largest = max(largest, result.largest)
        header["count"] = len(result.differences)
        header["latest"] = [f"{part[way][-1]:.3g}" for way in WAYS]
        header["comparison"] = _comparison(ask, largest, first_loss) if result.finite else ""
        header["warning"] = "" if result.finite else ask.say(TOO_LARGE)
        if len(losses["numpy"]) == settings.iterations:
            header["rows"] = _rows(compared(losses, first_loss))
            header["printed"] = _prints(losses[str(ask.settings["printed"])])
        yield Answer(header, [np.array(part[way]) for way in WAYS])


def _prints(losses: list[float]) -> str:
    """Return what a program prints: ``print(it, loss)`` in its loop, and the two lines after it."""
    lines = [f"{it} {loss}" for it, loss in enumerate(losses)]
    return "\n".join([*lines, f"first loss {losses[0]}", f"last loss {losses[-1]}"])


def _header(settings: WaysSettings, first: int) -> WaysHeader:
    return {
        "run": repr(settings),
        "first": first,
        "count": 0,
        "total": settings.iterations,
        "latest": [],
        "comparison": "",
        "warning": "",
        "parameters": "",
        "rows": [],
        "printed": "",
    }


def _parameters(ask: Ask, settings: WaysSettings, first_loss: float) -> str:
    return ask.say(
        N_("D_in · H + H · D_out = {count} parameters. The loss starts at {first}."),
        count=f"{settings.D_in * settings.H + settings.H * settings.D_out:,}",
        first=f"{first_loss:.6g}",
    )


def _comparison(ask: Ask, largest: float, first_loss: float) -> str:
    return ask.say(
        N_(
            "Largest difference among 1, 2 and 3 over all iterations: {share} of the first loss ({first}). They add"
            " in different orders, so the last binary digits may differ; float64 keeps about 16 decimal ones."
        ),
        share=f"{largest:.1e}",
        first=f"{first_loss:.6g}",
    )


def _rows(result: Lockstep) -> list[list[str]]:
    count = len(result.differences)
    picked = sorted({0, 1, 2, *(round(count * share / 8) - 1 for share in range(1, 9))} & set(range(count)))
    return [
        [
            str(k + 1),
            *(f"{result.losses[way][k]:.12g}" for way in (*LOCKSTEP, "module")),
            f"{result.differences[k]:.1e}",
        ]
        for k in picked
    ]
