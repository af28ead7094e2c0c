"""What the reader chooses for the step: the network, and the words of all that is chosen in the drawing."""

from __future__ import annotations

import sys

import streamlit as st
import torch
from torch import Tensor

from core.live.lenet.settings import DIGITS, LABEL, SEED, SHIPPED
from core.live.lenet.source import Source, offer
from core.networks import registry
from core.sketch import drawing as sketched
from core.sketch import record
from core.walk import own_module, setup
from pages.shared import address, built_network, canvas, keys, offers
from pages.shared.instruments import ControlWords
from pages.shared.language import _

CANVAS, PEN = "draw", keys.DRAW_PEN  # the canvas of the Draw page, and its pen
SIDE = 280  # of that canvas, in pixels
NETWORK = keys.LENET_NETWORK  # in the address too; the Convolution page links here with "stack:<rows>"
WEIGHTS = "lenet_weights"
SOURCE = "lenet_offer"


def own() -> own_module.Own | None:
    """Return the module that this server was started with; the browser has no say in it."""
    return own_module.from_command_line(sys.argv[1:])


def networks() -> dict[str, str]:
    """Return the networks on offer, by code."""
    mine = own()
    offered = {} if mine is None else {"own": _("Your module: {name}", name=mine.name)}
    offered |= {code: _(registry.DIGIT_NETS[code].title) for code in ("lenet5", "lenet3", "mnist")}
    offered |= {"reader": _("Built-in network")}
    offered |= {"two_layers": _("Two layers (1000–100–10)"), "linear_fit": _("Linear fit (3–2)")}
    own_network = built_network.network(NETWORK)
    return offered | {own_network: _("Built on the Convolution page")} if own_network else offered


def choose_network() -> str:
    """Show the choice of the network and return it; it is in the address."""
    offered = networks()
    return address.choose(
        st.selectbox,
        _("Network"),
        list(offered),
        NETWORK,
        default=next(iter(offered)),
        format_func=offered.__getitem__,
        label_visibility="collapsed",  # the drawing below begins on the first screen
    )


def saved_weights(network: str) -> dict[str, str]:
    """Return the weights on offer for ``network``: seeded, shipped, and checkpoints ("<run>:<checkpoint>")."""
    seeded = {SEED: _("seeded, untrained")}
    if network == "reader":
        return {SHIPPED: _("built in")} | seeded
    return seeded | {code: offer.label for code, offer in checkpoints(network).items()}


def checkpoints(network: str) -> dict[str, offers.Offer]:
    """Return the checkpoints on offer for ``network``."""
    return offers.checkpoints(WEIGHTS, network=network) if network in registry.DIGIT_NETS else {}


def source(network: str) -> Source:
    """Return what the drawing may ask about; the session keeps it while network and drawing stay."""
    current: Source | None = st.session_state.get(SOURCE)
    image = drawing()
    if current is None or current.network != network or not _same(current.drawing, image):
        current = offer(Source(network, image, own=own() if network == "own" else None))
        st.session_state[SOURCE] = current
    current.weights = {code: each.path for code, each in checkpoints(network).items()}
    return current


def _same(one: Tensor | None, other: Tensor | None) -> bool:
    return one is other or (one is not None and other is not None and torch.equal(one, other))


def words(network: str, weights: dict[str, str]) -> dict[str, ControlWords]:
    """Return the words of the controls, of those that mean something for ``network``."""
    digits = network not in setup.FOUNDATIONS
    classes = map(str, range(max(setup.classes(network), DIGITS)))
    controls: dict[str, ControlWords] = {
        "input": {"label": _("Input"), "options": inputs()},
        "digit": {"label": _("Test image")},
        "weights": {"label": _("Weights"), "options": weights},
        "loss": {"label": _("Loss"), "options": losses()},
        "opt": {"label": _("Optimizer"), "options": optimizers()},
        "lr": {"label": _("Learning rate"), "scale": _("Learning rate, logarithmic")},
        "target": {
            "label": _("Target class"),
            "options": {LABEL: _("label of the image")} | {each: each for each in classes},
        },
        "seed": {"label": _("Seed")},
        "before": {"label": _("Steps taken before this one")},
        "train": {"label": _("Train mode (dropout on)")},
        "xgrad": {"label": _("Gradient of the input too")},
    }
    hidden = () if digits else ("input", "digit")
    return {
        name: each
        for name, each in controls.items()
        if name not in hidden and (name != "weights" or len(weights) > 1)
    }


def losses() -> dict[str, str]:
    """Return the ways to start a backward pass, by code."""
    return {
        "cross_entropy": _("Cross-entropy"),
        "nll": _("NLL (of log-probabilities)"),
        "mse_random": _("MSE against a random target"),
        "mse_onehot": _("MSE against one-hot"),
        "backward": _("none: out.backward(torch.randn(…))"),
    }


def optimizers() -> dict[str, str]:
    """Return the optimizers, by code."""
    return {
        "hand": _("by hand: w − grad · lr"),
        "sgd": "SGD",
        "momentum": "SGD, momentum 0.9",
        "nesterov": "SGD, Nesterov 0.9",
        "adam": "Adam",
        "rmsprop": "RMSprop",
    }


def inputs() -> dict[str, str]:
    """Return the inputs, by code."""
    return {"digit": _("a test digit"), "drawing": _("my drawing"), "randn": _("random numbers (torch.randn)")}


def drawing() -> Tensor | None:
    """Return the reader's drawing from the Draw page, framed as MNIST frames digits, uint8 (28, 28), or None."""
    content = canvas.content(CANVAS)
    if content is None:
        return None
    sketch = sketched.from_canvas(content, SIDE, SIDE, float(st.session_state.get(PEN, 18)))
    return None if sketch.empty else torch.from_numpy(record.from_drawing(sketch).image)
