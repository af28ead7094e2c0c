"""Experiments: small backward passes for one large batch, a forgotten zero_grad, the tutorial's own program."""

from __future__ import annotations

import numpy as np
import streamlit as st
from torch import Tensor

from core.export.linear_fit_script import accumulation_script, forgetting_script
from core.figures import palette
from core.figures.curves import Curve
from core.foundations.gradient_experiments import SCALINGS, Accumulation, Forgetting, accumulate, forget_zero_grad
from core.foundations.linear_fit import FitSettings
from core.numerals import fixed
from pages.parts.linear_fit.settings import LARGE_BATCH, MICRO_BATCHES
from pages.shared import claims, helper_process, widgets
from pages.shared.code_panel import show_the_code
from pages.shared.language import _
from pages.shared.live_chart import live_chart
from pages.shared.predict import predict


@st.cache_data(max_entries=32, show_spinner=False)
def forgotten(settings: FitSettings) -> Forgetting:
    """Run the experiment in a process of its own, once for each setting."""
    return helper_process.call(forget_zero_grad, settings)


@st.cache_data(max_entries=32, show_spinner=False)
def accumulated(settings: FitSettings, micro: int, size: int) -> Accumulation:
    """Run the experiment in a process of its own, once for each setting."""
    return helper_process.call(accumulate, settings, micro, size)


def show(settings: FitSettings) -> None:
    """Show both experiments under the settings of the page."""
    st.header(_("Experiment: k small batches for one large one"), anchor=False)
    _accumulation(settings)
    st.header(_("Experiment: zero_grad forgotten"), anchor=False)
    _forgetting(settings)


def show_programs() -> None:
    """Show the experiments of the tutorial's program."""
    st.header(_("A tutorial's program, in pieces"), anchor=False)
    claims.show("linear_fit", "linear_fit_exp")


def _accumulation(settings: FitSettings) -> None:
    st.markdown(
        _(
            "`loss.backward()` *adds* to `weight.grad`. So when a batch does not fit into memory, call it for k "
            "micro-batches and then `optimizer.step()` once."
        )
    )
    left, right = st.columns(2)
    with left:
        size = int(widgets.number(LARGE_BATCH, _("Samples in the large batch")))
    with right:
        micro = int(widgets.number(MICRO_BATCHES, _("Micro-batches k")))
    answered = predict(
        _("k times loss.backward(), the losses as they are. Compared with one large batch, the gradient is…"),
        {"same": _("the same"), "k": _("about k times too large"), "less": _("about k times too small")},
        "k" if micro > 1 else "same",
        f"linear_fit_guess_{'one' if micro == 1 else 'many'}",
    )
    if not answered:
        return
    result = accumulated(settings, micro, size)
    names = {
        "none": "loss.backward()",
        "divide by k": f"(loss / {micro}).backward()",
        "by share": f"(loss * len(x_i) / {size}).backward()",
    }
    rows = [{_("each micro-batch"): _("one large batch"), **_entries(result.large), _("largest difference"): "0"}]
    for scaling in SCALINGS:
        difference = f"{result.largest_difference(scaling):.1e}"
        rows.append(
            {
                _("each micro-batch"): names[scaling],
                **_entries(result.sums[scaling]),
                _("largest difference"): difference,
            }
        )
    st.table(rows)
    sizes = ", ".join(str(part) for part in result.sizes[:12]) + (", …" if micro > 12 else "")
    st.markdown(
        _(
            "The micro-batches hold {sizes} samples. `MSELoss` is a mean, so each loss counts in full however few"
            " samples it saw: weighted by its share of the samples, the sum is the large batch's gradient up to"
            " rounding. Dividing by k is the same only when all parts are equally large.",
            sizes=sizes,
        )
    )
    show_the_code(accumulation_script(settings, micro, size), "accumulate.py", "linear_fit_accumulate")


def _entries(gradient: Tensor) -> dict[str, str]:
    values = gradient.flatten().tolist()
    return {f"[{number // 2},{number % 2}]": fixed(value, 6) for number, value in enumerate(values)}


def _forgetting(settings: FitSettings) -> None:
    answers = {
        "faster": _("falls faster, as the gradients add up"),
        "swings": _("swings up and down, and does not settle"),
        "none": _("does as before"),
    }
    question = _("Plain SGD without zero_grad(). The loss…")
    if not predict(
        question, answers, lambda: "swings" if forgotten(settings).swings else "faster", "linear_fit_guess_forgot"
    ):
        return
    result = forgotten(settings)
    curves = [
        _curve(_("with zero_grad()"), result.cleared_losses.numpy(), palette.CURVES[0]),
        _curve(_("without"), result.kept_losses.numpy(), palette.CURVES[1]),
    ]
    live_chart(
        curves,
        key="linear_fit_forgot",
        x_title=_("iteration"),
        y_title=_("loss over all samples"),
        revision=repr(settings),
        log=True,
        height=300,
    )
    st.markdown(_result_text(result))
    show_the_code(
        forgetting_script(settings, len(result.kept_losses)), "forgotten_zero_grad.py", "linear_fit_forgetting"
    )


def _result_text(result: Forgetting) -> str:
    """Compare the ends of both trainings, or say why they cannot be compared."""
    if result.diverged:
        return _(
            "At this learning rate the training diverges: the curves end after {cleared} "
            "{cleared:iteration|iterations} with "
            "`zero_grad()` and after {kept} without. Choose a smaller learning rate above and compare again.",
            cleared=len(result.cleared_losses),
            kept=len(result.kept_losses),
        )
    return _(
        "Without `zero_grad()` each step goes along the *sum of all gradients so far*: momentum 1, with no"
        " friction."
        " Like a ball in a bowl without air, the weights roll through the minimum and up the other side. After"
        " {n} {n:iteration|iterations} the loss is {kept} instead of {cleared}, and `weight.grad` has the norm "
        "{kept_norm}"
        " instead of {cleared_norm}.",
        n=len(result.kept_losses),
        kept=f"{result.kept_losses[-1]:.2e}",
        cleared=f"{result.cleared_losses[-1]:.2e}",
        kept_norm=f"{result.kept_norms[-1]:.2e}",
        cleared_norm=f"{result.cleared_norms[-1]:.2e}",
    )


def _curve(name: str, losses: np.ndarray, color: str) -> Curve:
    return Curve(name, np.arange(1, len(losses) + 1, dtype=float), losses, color)
