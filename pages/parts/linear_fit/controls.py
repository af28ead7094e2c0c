"""The settings of the fit: what is on the screen decides it, and the address holds it."""

from __future__ import annotations

import math

import streamlit as st

from core.foundations.linear_fit import OPTIMIZERS, TITLES, TRUE_WEIGHTS, Fit, FitSettings, fit
from pages.shared import address, isolated
from pages.shared.language import _

SHOWN = 12  # sample numbers of a mini-batch
LIMITS = isolated.Limits(seconds=60.0)  # 5,000 iterations take 2 s on a machine that does nothing else
RATES = [float(f"{10 ** (tenth / 10):.2g}") for tenth in range(-50, 11)]  # 0.00001 to 10, ten for each decade
WEIGHTS = [f"W[{row},{column}]" for row in range(3) for column in range(2)]


@st.cache_data(max_entries=32, show_spinner=False)
def trained(settings: FitSettings) -> Fit:
    """Return the fit of ``settings``, computed once."""
    return isolated.call(fit, settings, SHOWN, limits=LIMITS)


def settings() -> FitSettings:
    """Show the controls and return what they say; ``InvalidSetting`` when that is impossible."""
    left, middle, right = st.columns(3)
    learning_rate = left.number_input(
        _("Learning rate"), 1e-5, 1000.0, 0.01, 0.01, "%g", key="linear_fit_lr", bind="query-params",
        help=_("How far each step goes. Try 3: it diverges, and below you see why."),
    )  # fmt: skip
    with left:
        _rate_slider()
    batch_size = middle.number_input(
        _("Batch size"), 1, 1000, 4, key="linear_fit_batch", bind="query-params",
        help=_("How many random samples each iteration sees."),
    )  # fmt: skip
    with right:
        optimizer = address.choose(
            st.selectbox, _("Optimizer"), list(OPTIMIZERS), "linear_fit_optimizer",
            format_func=lambda code: TITLES.get(code, code),
        )  # fmt: skip
    with st.expander(_("The matrix W, samples, noise, seed")):
        weights = _matrix()
        samples, noise, seed, iterations = _more()
    return FitSettings(weights, samples, batch_size, learning_rate, noise, optimizer, seed, iterations)


def _rate_slider() -> None:
    """Show the learning rate on a logarithmic scale too; the field above holds the number, and the address."""
    nearest = min(RATES, key=lambda rate: abs(math.log(rate / st.session_state["linear_fit_lr"])))

    def take() -> None:
        st.session_state["linear_fit_lr"] = st.session_state["linear_fit_lr_scale"]

    st.session_state["linear_fit_lr_scale"] = nearest
    st.select_slider(
        _("Learning rate, logarithmic"), RATES, key="linear_fit_lr_scale", format_func=lambda rate: f"{rate:g}",
        on_change=take, label_visibility="collapsed",
    )  # fmt: skip


def _matrix() -> tuple[float, ...]:
    st.caption(_("The true W, which the network does not know. Change it and the fit follows."))
    values = []
    for row in range(3):
        for column, cell in enumerate(st.columns(2)):
            number = 2 * row + column
            values.append(
                cell.number_input(
                    WEIGHTS[number], -10.0, 10.0, TRUE_WEIGHTS[number], 0.1, "%g", key=f"linear_fit_w{row}{column}",
                    bind="query-params",
                )
            )  # fmt: skip
    return tuple(values)


def _more() -> tuple[int, float, int, int]:
    cells = st.columns(4)
    samples = cells[0].number_input(_("Samples"), 1, 1000, 100, key="linear_fit_samples", bind="query-params")
    noise = cells[1].number_input(
        _("Noise in y"), 0.0, 10.0, 0.0, 0.05, "%g", key="linear_fit_noise", bind="query-params",
        help=_("The standard deviation of what is added to each y: then no W fits exactly."),
    )  # fmt: skip
    seed = cells[2].number_input(_("Seed"), 0, 2**31 - 1, 1, key="linear_fit_seed", bind="query-params")
    iterations = cells[3].number_input(
        _("Iterations"), 1, 5000, 5000, 100, key="linear_fit_iterations", bind="query-params"
    )
    return samples, noise, seed, iterations
