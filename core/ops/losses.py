"""``l1_loss`` and ``binary_cross_entropy``, from probabilities or logits: a number for each cell, averaged."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from core.errors import N_
from core.ops.entries import of_target
from core.ops.explanation import Call
from core.ops.operator import Surprise, random
from core.ops.pointwise import Formula, Operand, Options, operation, weighted
from core.ops.whole import Array, array


def _is_plain(options: Options) -> bool:
    return all(options.get(name) is None for name in ("size_average", "reduce"))


def _log(x: Array) -> Array:
    """Return ln x, at least -100, as torch has it in this loss."""
    return np.maximum(np.log(x), -100.0)


def _bce(_: Options, p: Array, t: Array) -> Array:
    return np.asarray(-(t * _log(p) + (1 - t) * _log(1 - p)))


def _bce_slope(_: Options, p: Array, t: Array) -> Array:
    return np.asarray((p - t) / np.maximum((1 - p) * p, 1e-12))


def _bce_slope_scale(_: Options, p: Array, t: Array) -> Array:
    return np.asarray((np.abs(p) + np.abs(t)) / np.maximum((1 - p) * p, 1e-12) / np.maximum(1 - p, 1e-7))


def _logits(_: Options, x: Array, t: Array) -> Array:
    return np.asarray((1 - t) * x + np.logaddexp(0, -x))


L1 = Formula(
    "|x - t|",
    lambda _, x, t: np.abs(x - t),
    (
        Operand("input", "x", r"[\,x > t\,] - [\,x < t\,]", lambda _, x, t: np.sign(x - t)),
        Operand("target", "t", r"[\,x < t\,] - [\,x > t\,]", lambda _, x, t: -np.sign(x - t)),
    ),
    scale=lambda _, x, t: np.abs(x) + np.abs(t),
    applies=_is_plain,
    loss=True,
)
BCE = Formula(
    r"-\big(t \ln p + (1 - t) \ln(1 - p)\big)",
    _bce,
    (
        Operand("input", "p", r"\frac{p - t}{p\,(1 - p)}", _bce_slope, _bce_slope_scale),
        Operand(
            "target",
            "t",
            r"\ln(1 - p) - \ln p",
            lambda _, p, t: _log(1 - p) - _log(p) + 0 * t,
            lambda _, p, t: np.abs(_log(1 - p)) + np.abs(_log(p)) + 1 / np.maximum(1 - p, 1e-7) + 0 * t,
        ),
    ),
    scale=lambda _, p, t: np.abs(t * _log(p)) + np.abs((1 - t) * _log(1 - p)) + 1,
    applies=_is_plain,
    loss=True,
)
WITH_LOGITS = Formula(
    r"(1 - t)\,x + \ln(1 + e^{-x})",
    _logits,
    (
        Operand(
            "input", "x", r"\sigma(x) - t", lambda _, x, t: expit(x) - t, lambda _, x, t: 1 + np.abs(t) + 0 * x
        ),
        Operand("target", "t", "-x", lambda _, x, t: -x + 0 * t),
    ),
    scale=lambda _, x, t: np.abs((1 - t) * x) + np.logaddexp(0, -x) + np.abs(x) + 1,
    applies=_is_plain,
    loss=True,
)
WEIGHTS = r"\sum w", lambda call: float(array(call.tensors["weight"]).sum())
WITH_POSITIVE = Formula(
    r"(1 - t)\,x + (1 + (p - 1)\,t)\,\ln(1 + e^{-x})",
    lambda _, x, t, p: (1 - t) * x + (1 + (p - 1) * t) * np.logaddexp(0, -x),
    (
        Operand(
            "input",
            "x",
            r"1 - t - (1 + (p - 1)\,t)\,\sigma(-x)",
            lambda _, x, t, p: 1 - t - (1 + (p - 1) * t) * expit(-x),
            lambda _, x, t, p: 2 + 2 * np.abs(t) + np.abs(p * t) + 0 * x,
        ),
        Operand(
            "target",
            "t",
            r"(p - 1) \ln(1 + e^{-x}) - x",
            lambda _, x, t, p: (p - 1) * np.logaddexp(0, -x) - x + 0 * t,
            lambda _, x, t, p: (np.abs(p) + 1) * np.logaddexp(0, -x) + np.abs(x) + 0 * t,
        ),
        Operand("pos_weight", "p", "", None),
    ),
    scale=lambda _, x, t, p: (
        np.abs((1 - t) * x) + (1 + np.abs(t) + np.abs(p * t)) * np.logaddexp(0, -x) + np.abs(x) + 1
    ),
    applies=_is_plain,
    loss=True,
)


def _l1(call: Call) -> Formula:
    return weighted(L1, WEIGHTS) if "weight" in call.tensors else L1


def _binary(call: Call) -> Formula:
    return weighted(BCE) if "weight" in call.tensors else BCE


def _with_logits(call: Call) -> Formula:
    formula = WITH_POSITIVE if "pos_weight" in call.tensors else WITH_LOGITS
    return weighted(formula) if "weight" in call.tensors else formula


DISTANCES = N_("The distances between output and target.")
TRUTH = N_("For each yes-or-no answer, minus the logarithm of the probability that it gave to the truth.")
IN_ONE = N_("sigmoid and binary_cross_entropy in one, which no large logit can break.")
L1_ENTRY = of_target("l1_loss", DISTANCES, lambda shape: random("x", shape), keywords="absolute mae 绝对值")
BCE_ENTRY = of_target(
    "binary_cross_entropy",
    TRUTH,
    lambda shape: f"x = torch.rand({', '.join(map(str, shape))}).clamp(0.05, 0.95).requires_grad_()",
    keywords="probability bce 概率 二元",
)
LOGITS_ENTRY = of_target(
    "binary_cross_entropy_with_logits",
    IN_ONE,
    lambda shape: random("x", shape),
    Surprise(
        N_("A logit of 200 where the target is 0. What is the loss of sigmoid and binary_cross_entropy?"),
        {"200": "200", "100": "100", "inf": "inf"},
        "100",
        "import torch\nimport torch.nn.functional as F\n\nx = torch.tensor([200.0], requires_grad=True)\n"
        "target = torch.zeros(1)\nfor name, loss in (\n"
        "    ('sigmoid, then bce', F.binary_cross_entropy(x.sigmoid(), target)),\n"
        "    ('with_logits      ', F.binary_cross_entropy_with_logits(x, target)),\n):\n"
        "    (grad,) = torch.autograd.grad(loss, x)\n    print(name, loss.item(), 'gradient', grad.item())\n",
        N_(
            "The sigmoid rounds to 1 and the logarithm of 0 is cut off at −100: the loss is wrong and its gradient"
            " is 0, so nothing is learned from the worst mistake."
        ),
    ),
    keywords="logits sigmoid bce 二元",
)
OPERATIONS = (
    operation(
        "l1_loss",
        formula=_l1,
        operators=(L1_ENTRY,),
        meaning=DISTANCES,
        nodes={
            "L1LossBackward": N_("Sends g with the sign of the difference, however large it is."),
            "AbsBackward": N_("An absolute value: sends g with the sign of x."),
        },
    ),
    operation(
        "binary_cross_entropy",
        formula=_binary,
        operators=(BCE_ENTRY,),
        meaning=TRUTH,
        nodes={"BinaryCrossEntropyBackward": N_("Sends g·(p − t) / (p·(1 − p)).")},
    ),
    operation(
        "binary_cross_entropy_with_logits",
        formula=_with_logits,
        operators=(LOGITS_ENTRY,),
        meaning=IN_ONE,
        nodes={"BinaryCrossEntropyWithLogitsBackward": N_("Sends g·(σ(x) − t).")},
    ),
)
