"""The words of the drawing: the training played back, the surface of its loss, the matrices."""

from __future__ import annotations

from typing import TypedDict

from pages.shared.language import _


class FitWords(TypedDict):
    """The words that do not depend on the settings; {at}, {done}, {batch} and {loss} are filled in the browser."""

    names: list[str]
    settings: str
    more: str
    lost: str
    play: str
    pause: str
    back: str
    forth: str
    pace: str
    paces: list[str]
    iteration: str
    where: str
    weights: str
    loss: str
    surface: str
    point: str
    under: str
    matrices: list[str]
    start: str
    batch: str
    rule: str
    other_rule: str
    diverged: str
    why: str
    valley: str


def words(names: tuple[str, ...]) -> FitWords:
    """Return the words, with the ``names`` of the six weights."""
    return {
        "names": list(names),
        "settings": _("Settings of the fit"),
        "more": _("The matrix W, samples, noise, seed"),
        "lost": _("The server does not answer. The page keeps trying; your settings stay."),
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
        "surface": _("Loss of all samples over two weights"),
        "point": _("At the point: loss {loss}", loss="{loss}"),
        "under": _("{place}: loss {loss}", place="{place}", loss="{loss}"),
        "matrices": [_("Learned, model.weight.t()"), _("True W"), _("Learned − true"), _("Gradient of this step")],
        "start": _("Before the first iteration: random weights, and weight.grad is None. Press +1 for one step."),
        "batch": _(
            "Iteration {at} saw samples {batch}; their loss was {loss}.", at="{at}", batch="{batch}", loss="{loss}"
        ),
        "rule": _("Plain SGD: weight − learning rate · gradient. Choose another weight in the learned matrix."),
        "other_rule": _("The step of this optimizer depends on the gradient and on its state from earlier steps."),
        "diverged": _("Diverged: the loss passed 1e12, so the run stops here. The reason is below."),
        "why": _("Why this fast, and not faster?"),
        "valley": _(
            "The surface is the loss of all samples over two of the six weights, the other four where it is least."
            " Two weights of one column of W belong to the same output: the valley is slanted, and the path first"
            " drops into it, then creeps along it. Two of different columns do not influence each other: the valley"
            " stands upright."
        ),
    }
