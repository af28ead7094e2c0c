"""How long one iteration takes, measured now, on this machine, in turn."""

from __future__ import annotations

import os
import platform

import streamlit as st
import torch

from core.foundations.two_layers import ROUNDS, WaysSettings, measure, timed_iterations
from pages.parts.two_layers.sizes import LIMITS, TITLES
from pages.shared import helper_process
from pages.shared.language import _

MEASURED = "two_layers_measured"  # in the session: the settings that were measured, and the times


def show(settings: WaysSettings) -> None:
    """Offer the measurement and show its figures with their spread."""
    st.header(_("Time of one iteration"), anchor=False)
    count = timed_iterations(settings)
    if st.button(_("Measure now"), key="two_layers_measure", icon=":material/timer:"):
        with st.spinner(_("Measuring all four programs…")):
            measured_times = helper_process.call(measure, settings, limits=LIMITS)
            st.session_state[MEASURED] = (settings, measured_times)
    if MEASURED not in st.session_state:
        st.caption(
            _(
                "{rounds} rounds of {count} {count:iteration|iterations} of each program, in turn; takes a few "
                "seconds. The larger"
                " the sizes, the fewer iterations.",
                rounds=ROUNDS,
                count=count,
            )
        )
        return
    measured, timings = st.session_state[MEASURED]
    st.table(
        [
            {
                _("program"): TITLES[way],
                _("median"): _ms(timing.median),
                _("fastest"): _ms(timing.fastest),
                _("slowest"): _ms(timing.slowest),
            }
            for way, timing in timings.items()
        ]
    )
    st.caption(
        _(
            "{rounds} rounds, {iterations} iterations each, N, D_in, H, D_out = {sizes}, float64, {threads} "
            "torch threads, {cores} cores, {machine}, torch {version}. Other work on this machine is in these "
            "figures: compare fastest and slowest before you call one faster.",
            rounds=ROUNDS,
            iterations=timed_iterations(measured),
            sizes=f"{measured.N}, {measured.D_in}, {measured.H}, {measured.D_out}",
            threads=1,  # a process that runs programs has no more
            cores=os.cpu_count(),
            machine=platform.machine(),
            version=torch.__version__,
        )
    )


def _ms(seconds: float) -> str:
    milliseconds = 1000 * seconds
    return f"{milliseconds:.3g} ms" if milliseconds < 999.5 else f"{milliseconds:.0f} ms"
