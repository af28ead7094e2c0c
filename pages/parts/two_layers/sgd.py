"""Why SGD seems to fail without its own initialisation: three trainings that differ in one thing each."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures import palette
from core.figures.curves import Curve
from core.foundations.initialisation import LARGER_RATE, Trial, programs, trials
from core.foundations.two_layers import WaysSettings
from pages.shared.code_panel import show_the_code
from pages.shared.language import _
from pages.shared.live_chart import live_chart
from pages.shared.predict import predict

tried = st.cache_data(max_entries=32, show_spinner=False)(trials)


def show(settings: WaysSettings) -> None:
    """Ask, run the four trainings under ``settings``, and explain the numbers."""
    st.subheader(_("Does SGD need its own initialisation?"), anchor=False)
    st.markdown(
        _(
            "A tutorial says: with SGD the weights must be initialised by hand, or it does not learn,"
            " mystically. Remove"
            " the initialisation from program 3 and it indeed hardly moves. What is missing?"
        )
    )
    if not predict(
        _(
            "nn.Linear's own weights, SGD with the same learning rate {lr}. What would make it learn?",
            lr=f"{settings.learning_rate:g}",
        ),
        {
            "init": _("only other initial weights"),
            "rate": _("a larger learning rate is enough"),
            "adam": _("only another optimizer"),
        },
        "rate",
        "ways_guess_sgd",
    ):
        return
    with st.spinner(_("Training four times…")):
        results: dict[str, Trial] = tried(settings)
    names = {
        "normal": _("normal weights, SGD {lr}", lr=f"{settings.learning_rate:g}"),
        "default": _("nn.Linear's weights, SGD {lr}", lr=f"{settings.learning_rate:g}"),
        "default, larger rate": _("nn.Linear's weights, SGD {lr}", lr=f"{LARGER_RATE:g}"),
        "default, Adam": _("nn.Linear's weights, Adam {lr}", lr=f"{settings.adam_learning_rate:g}"),
    }
    live_chart(
        [_curve(names[key], trial, number) for number, (key, trial) in enumerate(results.items())],
        key="ways_sgd", x_title=_("iteration"), y_title=_("loss"), revision=repr(settings), log=True, height=320,
    )  # fmt: skip
    st.table(
        [
            {
                _("training"): names[key],
                _("spread of w1"): f"{trial.spread:.3g}",
                _("first step / size of w1"): f"{trial.relative_step:.1e}",
                _("first loss"): f"{trial.losses[0]:.4g}",
                _("last loss"): f"{trial.losses[-1]:.3g}",
            }
            for key, trial in results.items()
        ]
    )
    st.markdown(
        _(
            "nn.Linear draws from ±1/√D_in, far smaller than normal numbers. With them the outputs start near 0,"
            " the"
            " first loss is far smaller, and so are the gradients. A rate chosen for enormous gradients then"
            " moves the"
            " weights by a tiny share a step. Nothing mystical: the learning rate has to fit the scale of the"
            " weights."
            " Adam divides by the gradient's size, so its step does not depend on that scale."
        )
    )
    chosen = programs(settings)["default, larger rate"]
    show_the_code(chosen, "sgd_with_its_own_rate.py", "ways_sgd_code")


def _curve(name: str, trial: Trial, number: int) -> Curve:
    losses = np.asarray(trial.losses)
    return Curve(name, np.arange(1, len(losses) + 1, dtype=float), losses, palette.CURVES[number])
