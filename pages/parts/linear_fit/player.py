"""The training played back in the browser: weights and loss, matrices side by side, single steps."""

from __future__ import annotations

from typing import Any

from core.foundations.linear_fit import Fit
from core.message import pack
from pages.parts.linear_fit.controls import SHOWN, WEIGHTS
from pages.shared.component import component
from pages.shared.language import _


def show(result: Fit) -> None:
    """Mount the player with every iteration of ``result``; while the settings stay, it keeps its place."""
    settings = result.settings
    header = {
        "revision": repr(settings),
        "names": WEIGHTS,
        "target": settings.weights,
        "done": len(result.losses),
        "shown": min(SHOWN, settings.batch_size),
        "more": settings.batch_size > SHOWN,
        "lr": f"{settings.learning_rate:g}",
        "plain": settings.optimizer == "SGD",
        "divergedAt": result.diverged_at,
        "labels": _labels(),
    }
    arrays = (result.weights, result.gradients, result.losses, result.batches[:, :SHOWN])
    component("linear_fit/player")(data=pack(header, arrays), key="linear_fit_player")


def _labels() -> dict[str, Any]:
    return {
        "play": "▶ " + _("Play"),
        "pause": "❚❚ " + _("Pause"),
        "back": _("One iteration back"),
        "forth": _("One iteration on"),
        "pace": _("Pace"),
        "paces": [_("the whole run in 6 s"), _("50 per second"), _("2 per second")],
        "iteration": _("Iteration"),
        "where": _("iteration {at} of {done}", at="{at}", done="{done}"),
        "weights": _("The six weights and their targets (dashed)"),
        "loss": _("Loss of each mini-batch (previous run in grey)"),
        "learned": _("Learned, model.weight.t()"),
        "target": _("True W"),
        "difference": _("Learned − true"),
        "gradient": _("Gradient of this step"),
        "start": _("Before the first iteration: random weights, and weight.grad is None. Press +1 for one step."),
        "batch": _(
            "Iteration {at} saw samples {batch}; their loss was {loss}.", at="{at}", batch="{batch}", loss="{loss}"
        ),
        "rule": _("Plain SGD: weight − learning rate · gradient. Choose another weight in the learned matrix."),
        "otherRule": _("The step of this optimizer depends on the gradient and on its state from earlier steps."),
        "diverged": _("Diverged: the loss passed 1e12, so the run stops here. The reason is below."),
    }
