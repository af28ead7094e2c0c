"""The messages: the losses of the next iterations, and how far the first three programs are apart so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

import numpy as np

from core.errors import N_
from core.foundations.two_layers import LOCKSTEP, WAYS, Lockstep, WaysSettings, compared
from core.live.instrument import Answer, Ask, Later, Part
from core.live.two_layers.run import together
from core.live.two_layers.settings import ways_settings


class WaysHeader(TypedDict):
    """Iterations ``first`` to ``first + count`` of ``total`` of the programs that ``run`` names.

    The numbers are the ``count`` losses of each program, one program after the other. ``comparison`` is of all,
    ``warning`` says where a loss is no number any more. The last message has the ``rows`` of a table, iteration,
    four losses and the difference of three, and what program ``printed`` prints.
    """

    run: str
    first: int
    count: int
    total: int
    comparison: str
    warning: str
    parameters: str
    rows: list[list[str]]
    printed: str


def answer(ask: Ask) -> Iterator[Part]:
    """Run the programs and yield what they did so far; raises ``InvalidSetting`` where that is impossible."""
    settings = ways_settings(ask.settings)
    losses: dict[str, list[float]] = {way: [] for way in WAYS}
    for part in together(settings):
        if part is None:
            yield Later(0)
            continue
        first = len(losses["numpy"])
        for way in WAYS:
            losses[way] += part[way]
        result = compared({way: tuple(each) for way, each in losses.items()})
        header = _header(ask, settings, result, first)
        if len(losses["numpy"]) == settings.iterations:
            header["rows"] = _rows(result)
            printed = result.losses[str(ask.settings["printed"])]
            header["printed"] = "\n".join(f"{it} {loss}" for it, loss in enumerate(printed))
        yield Answer(header, [np.array(part[way]) for way in WAYS])


def _header(ask: Ask, settings: WaysSettings, result: Lockstep, first: int) -> WaysHeader:
    count = settings.D_in * settings.H + settings.H * settings.D_out
    too_large = N_("With these settings the loss becomes too large for a float: choose a smaller learning rate.")
    return {
        "run": repr(settings),
        "first": first,
        "count": len(result.differences) - first,
        "total": settings.iterations,
        "comparison": _comparison(ask, result),
        "warning": "" if result.finite else ask.say(too_large),
        "parameters": ask.say(
            N_("D_in · H + H · D_out = {count} parameters. The loss starts at {first}."),
            count=f"{count:,}",
            first=f"{result.losses['numpy'][0]:.6g}",
        ),
        "rows": [],
        "printed": "",
    }


def _comparison(ask: Ask, result: Lockstep) -> str:
    return ask.say(
        N_(
            "Largest difference among 1, 2 and 3 over all iterations: {share} of the first loss ({first}). They add"
            " in different orders, so the last binary digits may differ; float64 keeps about 16 decimal ones."
        ),
        share=f"{result.largest:.1e}",
        first=f"{result.losses['numpy'][0]:.6g}",
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
