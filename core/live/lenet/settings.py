"""What the instrument can be set to: what decides a training step, the open cell, the place in it, what-if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.live.settings import Choice as Options
from core.live.settings import Flag, Number, Setting, Text, Value
from core.walk import setup
from core.walk.setup import Choice

START = 1  # the first operation: the image goes in
DIGITS = 10  # classes
MOST_CLASSES = 1000  # that a built network may have
LABEL = "label"  # as a target: the test image's own
HIDDEN = ("source", "cell", "known", "checked")  # settings that are not in the address
SEED, SHIPPED = "seed", "shipped"  # weights: seeded, and those of the built-in network
TARGETS = (LABEL, *map(str, range(MOST_CLASSES)))
WITH_TARGET = ("mse_onehot", "cross_entropy", "nll")

SETTINGS: tuple[Setting, ...] = (
    Options("input", ("digit", "drawing", "randn")),
    Number("digit", 0, 9999, 0, when=({"input": ("digit",)},)),
    Text("weights", 120, SEED),  # "<run>:<checkpoint>", or one of the two above
    Options("loss", ("cross_entropy", "nll", "mse_random", "mse_onehot", "backward")),
    Options("target", TARGETS, when=({"loss": WITH_TARGET},)),
    Options("opt", ("sgd", *(each for each in setup.OPTIMIZERS if each != "sgd"))),
    Number("lr", 1e-5, 10.0, 0.01, scale="log"),
    Number("seed", 0, 9999, 0),
    Number("before", 0, 50, 0),
    Flag("train", True),
    Flag("xgrad", False),
    Number("at", 0, 99_999, START),
    Text("changes", 1200),  # what-if: the numbers that are changed, as ``core.walk.what_if`` reads them
    Text("source", 60),  # a name of ``core.live.lenet.source``
    Text("cell", 500),  # what is open, as JSON: what ``core.walk.scene.pane`` asks for, with the index
    Text("known", 60),  # the step that the browser has already, in its language
    Text("checked", 60),  # the step of which it has the comparisons with the arithmetic by hand
)


def of_network(network: str, weights: Sequence[str]) -> tuple[Setting, ...]:
    """Return the settings with what is possible for ``network``, the first of each where it starts."""
    digits, classes = network not in setup.FOUNDATIONS, setup.classes(network)
    losses = (
        ("cross_entropy", "nll", "mse_random", "mse_onehot", "backward") if digits else ("mse_random", "backward")
    )
    possible = {
        "input": _first("digit" if classes else "randn", ("digit", "drawing", "randn") if digits else ("randn",)),
        "loss": _first("cross_entropy" if classes else "mse_random", losses),
        "target": (LABEL, *map(str, range(max(classes, DIGITS)))),
        "weights": tuple(weights),
    }
    return tuple(
        Options(each.name, possible[each.name], each.when) if each.name in possible else each for each in SETTINGS
    )


def _first(start: str, options: tuple[str, ...]) -> tuple[str, ...]:
    return (start, *(each for each in options if each != start))


def choice_of(network: str, values: Mapping[str, Value]) -> Choice:
    """Return what decides the step of ``network`` that ``values`` asks for."""
    kind, target = str(values["input"]), str(values["target"])
    result = Choice(
        network=network,
        input=kind,
        digit=int(values["digit"]) if kind == "digit" else 0,
        weights=str(values["weights"]),
        loss=str(values["loss"]),
        optimizer=str(values["opt"]),
        lr=float(values["lr"]),
        seed=int(values["seed"]),
        training=bool(values["train"]),
        input_grad=bool(values["xgrad"]),
        steps_before=int(values["before"]),
    )
    return replace(result, target=label(result) if target == LABEL else int(target))


def label(choice: Choice) -> int:
    """Return the label of the test image that goes in; 0 where none does, or where it names no class."""
    shows_digit = choice.input == "digit" and setup.classes(choice.network) == DIGITS
    return setup.digit(choice.digit)[1] if shows_digit else 0
