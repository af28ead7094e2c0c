"""Why SGD seems to fail without its own initialisation: four trainings that differ in one thing each."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures import palette
from core.figures.curves import Curve
from core.foundations.initialisation import SHORT, Comparison, Trial, compare, programs
from core.foundations.two_layers import WaysSettings
from pages.parts.two_layers.sizes import LIMITS
from pages.shared import helper_process
from pages.shared.code_panel import show_the_code
from pages.shared.language import _
from pages.shared.live_chart import live_chart
from pages.shared.predict import predict

GUESS = "two_layers_guess_sgd"


@st.cache_data(max_entries=32, show_spinner=False)
def tried(settings: WaysSettings) -> Comparison:
    """Run the four trainings in a process of their own, once for each setting."""
    return helper_process.call(compare, settings, limits=LIMITS)


def show(settings: WaysSettings) -> None:
    """Ask, run the four trainings under ``settings``, and explain the numbers."""
    st.header(_("Does SGD need its own initialisation?"), anchor=False)
    st.markdown(
        _(
            "One tutorial says: with SGD you must initialise the weights yourself, or the network does not "
            "learn, and nobody knows why. Take the initialisation out of program 3 and see."
        )
    )
    answers = {
        "nothing": _("nothing: it learns as it is"),
        "rate": _("a larger learning rate"),
        "init": _("other initial weights"),
        "adam": _("a different optimizer"),
        "none": _("none of these, in {n} {n:iteration|iterations}", n=settings.iterations),
    }
    question = _(
        "nn.Linear's own weights, SGD with learning rate {lr}. What is the smallest change that makes it learn?",
        lr=f"{settings.learning_rate:g}",
    )
    if not predict(question, answers, lambda: _compared(settings).answer, GUESS):
        return
    comparison = _compared(settings)
    names = {
        "normal": _("normal weights, SGD {lr}", lr=f"{settings.learning_rate:g}"),
        "default": _("nn.Linear's weights, SGD {lr}", lr=f"{settings.learning_rate:g}"),
        "default, larger rate": _("nn.Linear's weights, SGD {lr}", lr=f"{comparison.larger_rate:g}"),
        "default, Adam": _("nn.Linear's weights, Adam {lr}", lr=f"{settings.adam_learning_rate:g}"),
    }
    live_chart(
        [_curve(names[key], trial, number) for number, (key, trial) in enumerate(comparison.trials.items())],
        key="two_layers_sgd",
        x_title=_("iteration"),
        y_title=_("loss"),
        revision=repr(settings),
        log=True,
        height=320,
    )
    st.table([_row(names[key], trial) for key, trial in comparison.trials.items()])
    st.markdown(_explained(settings, comparison))
    code = programs(settings, comparison.larger_rate)["default, larger rate"]
    show_the_code(code, "sgd_with_its_own_rate.py", "two_layers_sgd_code")


def _compared(settings: WaysSettings) -> Comparison:
    with st.spinner(_("Training four times…")):
        return tried(settings)


def _row(name: str, trial: Trial) -> dict[str, str]:
    return {
        _("training"): name,
        _("std of w1"): f"{trial.std:.3g}",
        _("first step / norm of w1"): f"{trial.relative_step:.1e}",
        _("first loss"): f"{trial.losses[0]:.4g}",
        _("last loss"): f"{trial.losses[-1]:.3g}",
    }


def _explained(settings: WaysSettings, comparison: Comparison) -> str:
    """Say what the four trainings show: first the numbers of this run, then what holds in general."""
    default, larger = comparison.trials["default"], comparison.trials["default, larger rate"]
    text = _(
        "With nn.Linear's weights and learning rate {lr} the loss goes from {first} to {last} in {n} "
        "{n:iteration|iterations}.",
        lr=f"{settings.learning_rate:g}",
        first=f"{default.losses[0]:.3g}",
        last=f"{default.losses[-1]:.3g}",
        n=settings.iterations,
    )
    if comparison.larger_rate > settings.learning_rate:
        text += " " + _(
            "Of the learning rates {lr} times 1, 10, 100, … the best after {short} {short:iteration|iterations} "
            "is {rate}, and "
            "with it the loss ends at {last}.",
            lr=f"{settings.learning_rate:g}",
            short=min(SHORT, settings.iterations),
            rate=f"{comparison.larger_rate:g}",
            last=f"{larger.losses[-1]:.3g}",
        )
    return (
        text
        + "\n\n"
        + _(
            "nn.Linear draws its weights from ±1/√D_in. That is {ratio} times smaller than normal numbers here, "
            "so the outputs start closer to 0, and loss and gradients are smaller. A learning rate that suits "
            "normal numbers is then too small: the learning rate has to fit the scale of the weights. Adam "
            "divides by the size of the gradient, so its step hardly depends on that scale.",
            ratio=f"{comparison.trials['normal'].std / default.std:.0f}",
        )
    )


def _curve(name: str, trial: Trial, number: int) -> Curve:
    losses = np.asarray(trial.losses)
    return Curve(name, np.arange(1, len(losses) + 1, dtype=float), losses, palette.CURVES[number])
