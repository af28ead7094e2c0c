"""What the reader chooses for the walk: network, input, weights, target and loss, optimizer and learning rate."""

from __future__ import annotations

import sys
from collections.abc import Callable

import streamlit as st
import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.networks import registry
from core.recognise import readers
from core.sketch import drawing as sketched
from core.sketch import record
from core.training import checkpoint
from core.training.checkpoint_id import CheckpointId
from core.walk import own_module, rehearsal, setup
from core.walk.setup import Choice
from pages.shared import address, built, canvas, isolated, keys, offers, workspace
from pages.shared.language import _

CANVAS, PEN = "draw", keys.DRAW_PEN  # the canvas of the Draw page, and its pen
SIDE = 280  # of that canvas, in pixels
DIGITS = 10  # classes
NETWORK = keys.LENET_NETWORK  # in the address too; the Convolution page links here with "stack:<rows>"
WEIGHTS = "lenet_weights"


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
    kept = built.network(NETWORK)
    return offered | {kept: _("Built on the Convolution page")} if kept else offered


def saved_weights(network: str) -> dict[str, str]:
    """Return the weights on offer for ``network``: seeded, shipped, and checkpoints ("<run>:<checkpoint>")."""
    seeded = {"seed": _("seeded, untrained")}
    if network == "reader":
        return {"shipped": _("built in")} | seeded
    offered = offers.checkpoints(WEIGHTS, network=network)
    return seeded | {code: offer.label for code, offer in offered.items()}


def show() -> Choice:
    """Show the choices and return them; they are in the address."""
    first = st.columns([3, 3, 2, 2])
    offered = networks()
    with first[0]:
        network = address.choose(
            st.selectbox,
            _("Network"),
            list(offered),
            NETWORK,
            default=next(iter(offered)),
            format_func=offered.__getitem__,
        )
    digits = network not in setup.FOUNDATIONS
    with first[1]:
        classes = setup.classes(network)
        loss = _choose_loss(digits, "cross_entropy" if classes else "mse_random")
    with first[2]:
        words = optimizers()
        optimizer = address.choose(
            st.selectbox, _("Optimizer"), list(words), "lenet_opt", default="sgd", format_func=words.__getitem__
        )
    with first[3]:
        lr = st.number_input(
            _("Learning rate"),
            0.0,
            10.0,
            0.01,
            0.001,
            "%.4g",
            key="lenet_lr",
            bind="query-params",
            persist_state="session",
        )
    with st.expander(_("Input, weights, target and more"), icon=":material/tune:"):
        return _more(network, loss, optimizer, lr, digits, classes)


def _more(network: str, loss: str, optimizer: str, lr: float, digits: bool, classes: int) -> Choice:
    left, middle, right = st.columns(3)
    with left:
        shown = inputs() if digits else {"randn": inputs()["randn"]}
        given = address.choose(
            st.radio,
            _("Input"),
            list(shown),
            "lenet_input",
            default="digit" if classes else "randn",
            format_func=shown.__getitem__,
        )
        number = _number(_("Test image"), 0, 9999, 0, "lenet_digit", _take_its_label) if given == "digit" else 0
        if given == "drawing":
            canvas.keep(CANVAS)
    with middle:
        weights = "seed"
        if digits and network != "own":
            saved = saved_weights(network)
            offers.say_missing(WEIGHTS)
            weights = address.choose(
                st.selectbox, _("Weights"), list(saved), WEIGHTS, format_func=saved.__getitem__
            )
        seed = _number(_("Seed"), 0, 9999, 0, "lenet_seed")
        label = setup.digit(number)[1] if given == "digit" and classes == DIGITS else 0
        target = label
        if loss not in ("mse_random", "backward"):
            target = _number(_("Target class"), 0, max(classes, DIGITS) - 1, label, "lenet_target")
    with right:
        before = _number(_("Steps taken before this one"), 0, 50, 0, "lenet_before")
        training = st.toggle(
            _("Train mode (dropout on)"), True, key="lenet_train", bind="query-params", persist_state="session"
        )
        input_grad = st.toggle(
            _("Gradient of the input too"), False, key="lenet_xgrad", bind="query-params", persist_state="session"
        )
    return Choice(
        network, given, number, weights, loss, target, optimizer, float(lr), seed, training, input_grad, before
    )


def _take_its_label() -> None:
    """Let the target follow the test image."""
    st.session_state["lenet_target"] = setup.digit(st.session_state["lenet_digit"])[1]


def _number(
    label: str, low: int, high: int, default: int, key: str, changed: Callable[[], None] | None = None
) -> int:
    return int(
        st.number_input(
            label,
            low,
            high,
            default,
            1,
            key=key,
            bind="query-params",
            persist_state="session",
            on_change=changed,
        )
    )


def _choose_loss(digits: bool, default: str) -> str:
    words = losses()
    offered = list(words) if digits else ["mse_random", "backward"]
    return address.choose(
        st.selectbox, _("Loss"), offered, "lenet_loss", default=default, format_func=words.__getitem__
    )


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


def prepare(choice: Choice) -> setup.Setup:
    """Make ``choice`` real: fetch the drawing, the weights or the reader's own module it names."""
    named = own() if choice.network == "own" else None
    if named is None:
        return setup.prepare(choice, drawing=drawing(), weights=_weights(choice))
    isolated.call(rehearsal.rehearse, named, choice, drawing(), limits=rehearsal.LIMITS)
    return setup.prepare(choice, drawing=drawing(), own=own_module.build(named, choice.seed))


def drawing() -> Tensor | None:
    """Return the reader's drawing from the Draw page, framed as MNIST frames digits, uint8 (28, 28), or None."""
    kept = canvas.content(CANVAS)
    if kept is None:
        return None
    drawn = sketched.from_canvas(kept, SIDE, SIDE, float(st.session_state.get(PEN, 18)))
    return None if drawn.empty else torch.from_numpy(record.from_drawing(drawn).image)


def _weights(choice: Choice) -> dict[str, Tensor] | None:
    if choice.weights == "seed":
        return None
    if choice.weights == "shipped":
        return readers.shipped().net.state_dict()
    wanted = CheckpointId.parse(choice.weights)
    run = workspace.find(wanted.run)
    if run is None:
        raise InvalidSetting(N_("there is no run {run}"), run=wanted.run)
    return checkpoint.load_model(run.checkpoint(wanted.checkpoint).path).state_dict()
