"""Why this fit went as it did: where it ended, how steep the loss is, and what that allows."""

from __future__ import annotations

import streamlit as st

from core.foundations.fit_surface import Curvature, curvature
from core.foundations.linear_fit import Fit, FitSettings
from pages.shared.language import _

measured = st.cache_data(max_entries=64, show_spinner=False)(curvature)


def show(result: Fit) -> None:
    """Say where the fit ended and explain it with the loss's curvature."""
    settings = result.settings
    steep: Curvature = measured(settings)
    if result.diverged_at is not None:
        st.error(_diverged(result, steep), icon=":material/trending_up:")
    else:
        st.markdown(
            _(
                "After {n} iterations the learned matrix is within **{difference}** of W in every entry.",
                n=len(result.losses),
                difference=f"{result.difference.abs().max():.4f}",
            )
        )
    with st.expander(_("Why this fast, and not faster?"), expanded=result.diverged_at is not None):
        _curvature(settings, steep, diverged=result.diverged_at is not None)


def _diverged(result: Fit, steep: Curvature) -> str:
    lr = result.settings.learning_rate
    sentence = _("The training diverged in iteration {at}.", at=(result.diverged_at or 0) + 1) + " "
    if steep.limit is not None and result.settings.optimizer == "SGD":
        largest = steep.eigenvalues[-1]
        return sentence + _(
            "Along its steepest direction the loss has curvature λ = {largest}, and a step multiplies the error"
            " there by 1 − lr·λ = 1 − {lr}·{largest} = **{factor}**. When that is below −1, each step overshoots by"
            " more than it corrects. All samples together allow lr up to 2/λ = {limit}; the steepest mini-batch"
            " only"
            " {batch_limit}.",
            largest=f"{largest:.3f}",
            lr=f"{lr:g}",
            factor=f"{1 - lr * largest:.2f}",
            limit=f"{steep.limit:.2f}",
            batch_limit=f"{steep.batch_limit:.2f}",
        )
    return sentence + _("Each step overshoots by more than it corrects: choose a smaller learning rate.")


def _curvature(settings: FitSettings, steep: Curvature, diverged: bool) -> None:
    st.latex(
        r"\begin{gathered} L(W) = \frac{1}{2N}\lVert XW - Y\rVert^2 \\"
        r" H = \frac{\partial^2 L}{\partial w_j^2} = \frac{2}{2N} X^{\mathsf T} X \\"
        r" w - w^* \leftarrow (1 - lr\,\lambda)\,(w - w^*) \end{gathered}"
    )
    st.markdown(
        _(
            "For each output the loss is a parabola in three weights. Its curvatures (eigenvalues λ of H,"
            " measured on"
            " these samples) are **{eigenvalues}**: the steepest is {condition} times the flattest.",
            eigenvalues=", ".join(f"{value:.3f}" for value in steep.eigenvalues),
            condition=f"{steep.condition:.1f}",
        )
    )
    if steep.limit is not None:
        st.markdown(
            _(
                "The steepest one limits the learning rate: **{limit}** with all samples in each batch,"
                " **{batch_limit}** for the steepest of 300 random mini-batches of this size.",
                limit=f"{steep.limit:.2f}",
                batch_limit=f"{steep.batch_limit:.2f}",
            )
        )
    if steep.left_over is not None and not diverged:
        st.markdown(
            _(
                "The flattest one takes the time: after {n} steps (1 − {lr}·{flattest})^{n} = **{left}** of the"
                " error"
                " in that direction is left. That is why the loss is tiny long before the weights are right, and"
                " why"
                " some seeds end further from W than others: they start further out in that direction.",
                n=settings.iterations,
                lr=f"{settings.learning_rate:g}",
                flattest=f"{steep.eigenvalues[0]:.4f}",
                left=f"{steep.left_over:.2%}",
            )
        )
    else:
        st.markdown(
            _("This rule holds for plain SGD; other optimizers, or a rate above the limit, behave otherwise.")
        )
