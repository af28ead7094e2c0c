"""Experiments on one training step of LeNet, and on what many tutorials say of it."""

from __future__ import annotations

import torch

from core.claims.experiment import Experiment, Variables, raised
from core.claims.lenet_code import CODE, PRELUDE
from core.errors import N_
from core.sentence import Sentence


def _two_backwards(ran: Variables) -> tuple[bool, Sentence]:
    doubled = torch.allclose(ran["twice"], 2 * ran["once"])
    return doubled, Sentence(
        N_("The second gradient was added to the first: every entry is exactly twice as large.")
    )


def _bias_grad(ran: Variables) -> tuple[bool, Sentence]:
    return ran["before"] is None and ran["after"].shape == (6,), Sentence(
        N_("None before, six numbers after: one for each bias of conv1. Older tutorials show zeros before.")
    )


def _by_hand(ran: Variables) -> tuple[bool, Sentence]:
    return ran["fused"] == 0 and ran["rounded_twice"] > 0, Sentence(
        N_(
            "{rounded} of {total} weights differ when written sub_(grad * lr), by at most {apart} units in the "
            "last place: the product is rounded, then the difference. Written add_(grad, alpha=-lr), {fused} "
            "differ: a fused multiply-add rounds once, and that is what optim.SGD does."
        ),
        {"rounded": ran["rounded_twice"], "total": ran["total"], "fused": ran["fused"], "apart": ran["apart"]},
    )


def _race(ran: Variables) -> tuple[bool, Sentence]:
    last = {name: losses[-1] for name, losses in ran["curves"].items()}
    best, worst = min(last, key=lambda name: last[name]), max(last, key=lambda name: last[name])
    return len(set(last.values())) > 1, Sentence(
        N_(
            "After 20 steps from the same start, {best} has the smallest loss, {low:.2g}, and {worst} the largest, "
            "{high:.2g}. On one example and at these rates: it is no general ranking."
        ),
        {"best": best, "low": last[best], "worst": worst, "high": last[worst]},
    )


def _until_gone(ran: Variables) -> tuple[bool, Sentence]:
    return ran["losses"][-1] < 1e-6, Sentence(
        N_("After {count} steps the loss is {loss:.1e}: the network has memorized this one example."),
        {"count": len(ran["losses"]) - 1, "loss": ran["losses"][-1]},
    )


def _unbatched(ran: Variables) -> tuple[bool, Sentence]:
    return ran["y"].shape == (6, 28, 28) and "error" in ran, Sentence(
        N_(
            "Conv2d takes (C, H, W) today. This LeNet still does not: its num_flat_features skips the first "
            "dimension, which is now the channels, so fc1 gets 16 rows of 25 numbers."
        )
    )


def _train_eval(ran: Variables) -> tuple[bool, Sentence]:
    return not ran["train_same"] and ran["eval_same"], Sentence(
        N_("In train mode two passes differ, because each draws its own mask. In eval mode they are the same.")
    )


def _momentum(ran: Variables) -> tuple[bool, Sentence]:
    return ran["moved"] == -1.5, Sentence(
        N_(
            "Not half and half. The second step is {moved}: v = 0.5·1 + 1 = 1.5, so the new gradient counts in "
            "full and half of the old velocity is added to it."
        ),
        {"moved": ran["moved"]},
    )


def _dropout2d(ran: Variables) -> tuple[bool, Sentence]:
    return set(ran["kept"]) <= {0.0, 9.0}, Sentence(
        N_(
            "Whole channels: each of the 8 maps keeps 0 or all 9 of its cells. What survives is {scale:g} times "
            "as large."
        ),
        {"scale": ran["scale"]},
    )


def _nll(ran: Variables) -> tuple[bool, Sentence]:
    return ran["raw"] < 0 and abs(ran["right"] - ran["entropy"]) < 1e-6, Sentence(
        N_(
            "nll_loss of logits gave {raw:.3g}, and a loss of probabilities is never below 0. After log_softmax it "
            "gave {right:.3f}, the same as cross_entropy of the logits."
        ),
        {"raw": ran["raw"], "right": ran["right"]},
    )


def _flip(ran: Variables) -> tuple[bool, Sentence]:
    return ran["flat"] == [1, 2, 3, 4, 5, 6] and ran["flipped"] == [1, 4, 2, 5, 3, 6], Sentence(
        N_("view keeps the order of the numbers and even their memory; nothing is flipped or transposed.")
    )


EXPERIMENTS: dict[str, Experiment] = {
    "two_backwards": Experiment(
        N_("backward twice, without zero_grad"),
        N_("The second call might replace the first gradient."),
        _two_backwards,
        CODE["two_backwards"],
        PRELUDE,
    ),
    "retain_graph": Experiment(
        N_("backward twice through the same graph"),
        N_("The graph is still there, so a second backward might simply work."),
        raised(
            "second time",
            N_(
                "The first backward freed what the nodes had saved. Run the forward pass again, or call "
                "backward(retain_graph=True)."
            ),
        ),
        CODE["retain_graph"],
        PRELUDE,
        raises=True,
    ),
    "bias_grad": Experiment(
        N_("conv1.bias.grad before and after"),
        N_("Before backward there is no gradient, afterwards there is."),
        _bias_grad,
        CODE["bias_grad"],
        PRELUDE,
    ),
    "by_hand": Experiment(
        N_("The update by hand against optim.SGD"),
        N_("w − lr · gradient is w − lr · gradient: both ways should agree to the last bit."),
        _by_hand,
        CODE["by_hand"],
        PRELUDE,
    ),
    "race": Experiment(
        N_("One optimizer against another"),
        N_("From the same start, cleverer optimizers should be faster."),
        _race,
        CODE["race"],
        PRELUDE,
    ),
    "until_gone": Experiment(
        N_("Repeat the step until the loss is 0"),
        N_("One example and 61,706 parameters: the loss should fall to 0."),
        _until_gone,
        CODE["until_gone"],
        PRELUDE,
    ),
    "no_channel": Experiment(
        N_("A 2-D image without its channel"),
        N_("A grey image is 32 × 32, so net(image) might work."),
        raised(
            "Expected 3D",
            N_(
                "Conv2d wants (C, H, W) or (N, C, H, W). A grey image still needs its one channel: "
                "image[None, None]."
            ),
        ),
        CODE["no_channel"],
        PRELUDE,
        raises=True,
    ),
    "unbatched": Experiment(
        N_("One image without a batch"),
        N_("Many tutorials say that torch.nn only takes mini-batches, so this should fail at once."),
        _unbatched,
        CODE["unbatched"],
        PRELUDE,
        raises=True,
    ),
    "wrong_size": Experiment(
        N_("A 28 × 28 image into LeNet"),
        N_("Convolutions take any size, so it might work."),
        raised(
            "cannot be multiplied",
            N_(
                "The convolutions do take it; but 28 × 28 leaves 16·4·4 = 256 numbers, and fc1 was built for "
                "16·5·5 = 400. The message shows both shapes."
            ),
        ),
        CODE["wrong_size"],
        PRELUDE,
        raises=True,
    ),
    "train_eval": Experiment(
        N_("Dropout in train and in eval mode"),
        N_("The same input should give the same output."),
        _train_eval,
        CODE["train_eval"],
        PRELUDE,
    ),
    "momentum": Experiment(
        N_("What many tutorials say: momentum 0.5 splits the step half and half"),
        N_("With two gradients of 1, each step would be 0.5·1 + 0.5·1 = 1."),
        _momentum,
        CODE["momentum"],
        PRELUDE,
    ),
    "dropout2d": Experiment(
        N_("What many tutorials say: Dropout2d zeroes single elements"),
        N_("Zeros would be scattered over each map."),
        _dropout2d,
        CODE["dropout2d"],
        PRELUDE,
    ),
    "nll": Experiment(
        N_("What many tutorials say: NLL loss is for a network without softmax"),
        N_("nll_loss of the logits would be a proper loss."),
        _nll,
        CODE["nll"],
        PRELUDE,
    ),
    "flip": Experiment(
        N_("What many tutorials say: the flatten is a matrix flip"),
        N_("Rows and columns would change places."),
        _flip,
        CODE["flip"],
        PRELUDE,
    ),
    "in_place": Experiment(
        N_("Why .data was used, and what to write today"),
        N_("p.sub_(...) is ordinary arithmetic and might simply work."),
        raised(
            "in-place",
            N_(
                "Autograd does not allow in-place changes of a leaf that requires a gradient. Change it inside "
                "with torch.no_grad(); .data hides the change instead."
            ),
        ),
        CODE["in_place"],
        PRELUDE,
        raises=True,
    ),
}
