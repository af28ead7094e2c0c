"""All four programs run: a plot, a table, and how far the first three are apart."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import streamlit as st

from core.figures import palette
from core.figures.curves import Curve
from core.foundations.two_layers import LOCKSTEP, WAYS, Lockstep, WaysSettings, compared, losses_of, program
from pages.parts.two_layers.sizes import LIMITS, TITLES
from pages.shared import address, isolated
from pages.shared.language import _
from pages.shared.live_chart import live_chart

ASKED = "two_layers_asked"  # the settings with which the reader wanted the programs to run
AT_ONCE = 3e9  # multiplications of one program; all four take half a second then


@st.cache_data(max_entries=128, show_spinner=False)
def ran(text: str) -> tuple[float, ...]:
    """Return the losses of a program, run in a process of its own, once for each text."""
    return isolated.call(losses_of, text, limits=LIMITS)


def show(settings: WaysSettings) -> None:
    """Run the four programs under ``settings`` and compare their losses."""
    st.header(_("In lockstep"), anchor=False)
    if not _wanted(settings):
        return
    result = together(
        settings,  # the largest sizes take some seconds a program
        lambda way: st.spinner(_("Running {program}: {n} iterations…", program=TITLES[way], n=settings.iterations)),
    )
    if not result.finite:
        st.warning(_("With these settings the loss becomes too large for a float: choose a smaller learning rate."))
    st.markdown(
        _(
            "Largest difference among 1, 2 and 3 over all iterations: **{share}** of the first loss ({first})."
            " They add"
            " in different orders, so the last binary digits may differ; float64 keeps about 16 decimal ones.",
            share=f"{result.largest:.1e}",
            first=f"{result.losses['numpy'][0]:.6g}",
        )
    )
    widths = {"numpy": 7.0, "tensors": 4.0, "sequential": 1.6, "module": 1.8}
    curves = [
        Curve(
            TITLES[way],
            np.arange(1, len(result.losses[way]) + 1, dtype=float),
            np.asarray(result.losses[way]),
            palette.CURVES[number],
            width=widths[way],
            opacity=0.5 if way == "numpy" else 1.0,
        )
        for number, way in enumerate(WAYS)
    ]
    live_chart(
        curves, key="two_layers_losses", x_title=_("iteration"), y_title=_("loss"),
        revision=repr(settings), log=True,
        height=320,
    )  # fmt: skip
    with st.expander(_("The losses as numbers")):
        st.table(_rows(result))
        way = address.choose(
            st.segmented_control,
            _("All that a program prints: print(it, loss)"),
            list(TITLES),
            "two_layers_printed",
            default="numpy",
            format_func=TITLES.__getitem__,
            required=True,
        )
        st.code("\n".join(f"{it} {loss}" for it, loss in enumerate(result.losses[way])), language=None, height=240)


def _wanted(settings: WaysSettings) -> bool:
    """Return whether to run the programs: at once where that is quick or done already, else when you ask."""
    if settings == WaysSettings() or settings.work <= AT_ONCE or st.session_state.get(ASKED) == settings:
        return True
    st.markdown(
        _(
            "With these settings each program does {work} billion multiplications, which takes some seconds.",
            work=f"{settings.work / 1e9:.0f}",
        )
    )
    return st.button(
        _("Run the four programs"), key="two_layers_run", type="primary", on_click=_ask, args=(settings,),
        icon=":material/play_arrow:",
    )  # fmt: skip


def _ask(settings: WaysSettings) -> None:
    st.session_state[ASKED] = settings


def together(
    settings: WaysSettings, saying: Callable[[str], AbstractContextManager[object]] = nullcontext
) -> Lockstep:
    """Run one program after the other, each ``saying(way)`` that it runs, and compare them."""
    losses = {}
    for way in WAYS:
        with saying(way):
            losses[way] = ran(program(way, settings))
    return compared(losses)


def _rows(result: Lockstep) -> list[dict[str, str]]:
    count = len(result.differences)
    picked = sorted({0, 1, 2, *(round(count * share / 8) - 1 for share in range(1, 9))} & set(range(count)))
    return [
        {
            _("iteration"): str(k + 1),
            **{TITLES[way]: f"{result.losses[way][k]:.12g}" for way in (*LOCKSTEP, "module")},
            _("difference of 1, 2, 3 / first loss"): f"{result.differences[k]:.1e}",
        }
        for k in picked
    ]
