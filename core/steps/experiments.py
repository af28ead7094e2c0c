"""Experiments on one training step: the code that is shown is the code that runs, and what it prints is real.

Each experiment says first what one would expect. ``run`` executes its code and reads the verdict off the
variables that the code left behind, never off a text prepared in advance.
"""

from __future__ import annotations

import inspect
import io
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch

from core import nets
from core.chance import seeded
from core.errors import N_
from core.steps.experiment_code import CODE, PRELUDE


@dataclass(frozen=True)
class Said:
    """A sentence to translate and the values in it."""

    message: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What happened: all that was printed, the sentence that says what it means, curves where there are some."""

    printed: str
    verdict: Said
    as_expected: bool
    curves: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    """A title, what one would expect, the code, and how to read the verdict off its variables.

    ``raises`` says that the code is meant to end with an error, which is then part of what is printed.
    """

    title: str
    expectation: str
    read: Callable[[dict[str, Any]], tuple[bool, Said]]
    raises: bool = False


def _two_backwards(ran: dict[str, Any]) -> tuple[bool, Said]:
    doubled = torch.allclose(ran["twice"], 2 * ran["once"])
    return doubled, Said(N_("The second gradient was added to the first: every entry is exactly twice as large."))


def _raised(part: str, sentence: str) -> Callable[[dict[str, Any]], tuple[bool, Said]]:
    return lambda ran: (part in ran.get("error", ""), Said(sentence))


def _bias_grad(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["before"] is None and ran["after"].shape == (6,), Said(
        N_("None before, six numbers after: one for each of conv1's biases. Older tutorials show zeros before.")
    )


def _by_hand(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["fused"] == 0 and ran["rounded_twice"] > 0, Said(
        N_(
            "{rounded} of {total} weights differ in the last bit when written sub_(grad * lr): the product is "
            "rounded, then the difference. Written add_(grad, alpha=-lr), {fused} differ: a fused multiply-add "
            "rounds once, and that is what optim.SGD does."
        ),
        {"rounded": ran["rounded_twice"], "total": ran["total"], "fused": ran["fused"]},
    )


def _race(ran: dict[str, Any]) -> tuple[bool, Said]:
    last = {name: losses[-1] for name, losses in ran["curves"].items()}
    best, worst = min(last, key=lambda name: last[name]), max(last, key=lambda name: last[name])
    return len(set(last.values())) > 1, Said(
        N_(
            "After 20 steps from the same start, {best} has the smallest loss, {low:.2g}, and {worst} the largest, "
            "{high:.2g}. On one example and at these rates: it is no general ranking."
        ),
        {"best": best, "low": last[best], "worst": worst, "high": last[worst]},
    )


def _until_gone(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["losses"][-1] < 1e-6, Said(
        N_("After {count} steps the loss is {loss:.1e}: the network has learned this one example by heart."),
        {"count": len(ran["losses"]) - 1, "loss": ran["losses"][-1]},
    )


def _unbatched(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["y"].shape == (6, 28, 28) and "error" in ran, Said(
        N_(
            "Conv2d takes (C, H, W) today. This LeNet still does not: its num_flat_features skips the first "
            "dimension, which is now the channels, so fc1 gets 16 rows of 25 numbers."
        )
    )


def _train_eval(ran: dict[str, Any]) -> tuple[bool, Said]:
    return not ran["train_same"] and ran["eval_same"], Said(
        N_("In train mode two passes differ, because each draws its own mask. In eval mode they are the same.")
    )


def _momentum(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["moved"] == -1.5, Said(
        N_(
            "Not half and half. The second step is {moved}: v = 0.5·1 + 1 = 1.5, so the new gradient counts in "
            "full and the old velocity is added to it."
        ),
        {"moved": ran["moved"]},
    )


def _dropout2d(ran: dict[str, Any]) -> tuple[bool, Said]:
    return set(ran["kept"]) <= {0.0, 9.0}, Said(
        N_(
            "Whole channels: each of the 8 maps has 0 or all 9 of its cells left. "
            "What survives is {scale:g} times as large."
        ),
        {"scale": ran["scale"]},
    )


def _nll(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["raw"] < 0 and abs(ran["right"] - ran["entropy"]) < 1e-6, Said(
        N_(
            "nll_loss of raw scores gave {raw:.3g}, less than 0, which no surprise can be. After log_softmax it "
            "gave {right:.3f}, the same as cross_entropy of the raw scores."
        ),
        {"raw": ran["raw"], "right": ran["right"]},
    )


def _flip(ran: dict[str, Any]) -> tuple[bool, Said]:
    return ran["flat"] == [1, 2, 3, 4, 5, 6] and ran["flipped"] == [1, 4, 2, 5, 3, 6], Said(
        N_("view keeps the order of the numbers and even their memory; nothing is flipped or transposed.")
    )


EXPERIMENTS: dict[str, Experiment] = {
    "two_backwards": Experiment(
        N_("backward twice, without zero_grad"),
        N_("The second call might replace the first gradient."),
        _two_backwards,
    ),
    "retain_graph": Experiment(
        N_("backward twice through the same graph"),
        N_("The graph is still there, so a second backward might simply work."),
        _raised(
            "second time",
            N_(
                "The first backward freed what the nodes had saved, to give the memory back. Run the forward pass "
                "again, or say backward(retain_graph=True)."
            ),
        ),
        raises=True,
    ),
    "bias_grad": Experiment(
        N_("conv1.bias.grad before and after"),
        N_("Before backward there is no gradient, afterwards there is."),
        _bias_grad,
    ),
    "by_hand": Experiment(
        N_("The update by hand against optim.SGD"),
        N_("w − lr · gradient is w − lr · gradient: both ways should agree to the last bit."),
        _by_hand,
    ),
    "race": Experiment(
        N_("One optimizer against another"),
        N_("From the same start, cleverer optimizers should be faster."),
        _race,
    ),
    "until_gone": Experiment(
        N_("Repeat the step until the loss is gone"),
        N_("One example and 61,706 parameters: the loss should fall to 0."),
        _until_gone,
    ),
    "no_channel": Experiment(
        N_("A 2-D image without its channel"),
        N_("A grey image is 32 × 32, so net(image) might work."),
        _raised(
            "Expected 3D",
            N_(
                "Conv2d wants (C, H, W) or (N, C, H, W). A grey image still needs its one channel: "
                "image[None, None]."
            ),
        ),
        raises=True,
    ),
    "unbatched": Experiment(
        N_("One image without a batch"),
        N_("Many tutorials say that torch.nn only takes mini-batches, so this should fail at once."),
        _unbatched,
        raises=True,
    ),
    "wrong_size": Experiment(
        N_("A 28 × 28 image into LeNet"),
        N_("Convolutions take any size, so it might work."),
        _raised(
            "cannot be multiplied",
            N_(
                "The convolutions do take it; but 28 × 28 leaves 16·4·4 = 256 numbers, and fc1 was built for "
                "16·5·5 = 400. The message shows both shapes."
            ),
        ),
        raises=True,
    ),
    "train_eval": Experiment(
        N_("Dropout in train and in eval mode"), N_("The same input should give the same output."), _train_eval
    ),
    "momentum": Experiment(
        N_("What many tutorials say: momentum 0.5 splits the step half and half"),
        N_("With two gradients of 1, each step would be 0.5·1 + 0.5·1 = 1."),
        _momentum,
    ),
    "dropout2d": Experiment(
        N_("What many tutorials say: Dropout2d zeroes single elements"),
        N_("Zeros would be scattered over each map."),
        _dropout2d,
    ),
    "nll": Experiment(
        N_("What many tutorials say: NLL loss is for a network without softmax"),
        N_("nll_loss of the raw scores would be a proper loss."),
        _nll,
    ),
    "flip": Experiment(
        N_("What many tutorials say: the flatten is a matrix flip"),
        N_("Rows and columns would change places."),
        _flip,
    ),
    "in_place": Experiment(
        N_("Why .data was used, and what to write today"),
        N_("p.sub_(...) is ordinary arithmetic and might simply work."),
        _raised(
            "in-place",
            N_(
                "Autograd watches leaves and forbids changing them unseen. "
                "Write it inside with torch.no_grad(); .data hides the change instead."
            ),
        ),
        raises=True,
    ),
}


def run(key: str) -> Outcome:
    """Execute experiment ``key``'s code in a fresh namespace and say what happened.

    Random numbers come from seeds in the code; torch's global generator is left as it was. An error that the
    experiment does not mean to raise rises.
    """
    experiment, printed = EXPERIMENTS[key], io.StringIO()
    tell = partial(print, file=printed)  # stdout belongs to the whole server
    ran: dict[str, Any] = {"LeNet": nets.LeNet, "MnistNet": nets.MnistNet, "print": tell}
    with seeded(0):
        exec(PRELUDE, ran)
        try:
            exec(CODE[key], ran)
        except Exception as error:
            if not experiment.raises:
                raise
            ran["error"] = str(error)
            tell(traceback.format_exception_only(error)[-1].strip())
    held, verdict = experiment.read(ran)
    curves = ran.get("curves") or ({"loss": ran["losses"]} if "losses" in ran else {})
    return Outcome(printed.getvalue(), verdict, held, curves)


def script(key: str) -> str:
    """Return the experiment as a program of its own, networks included; a meant error ends it."""
    classes = [source for name, source in _classes().items() if name in PRELUDE + CODE[key]]
    return "\n\n".join(
        [
            "import torch\nimport torch.nn.functional as F\nfrom torch import Tensor, nn",
            *classes,
            PRELUDE + CODE[key],
        ]
    )


def _classes() -> dict[str, str]:
    return {kind.__name__: inspect.getsource(kind).rstrip() + "\n" for kind in (nets.LeNet, nets.MnistNet)}
