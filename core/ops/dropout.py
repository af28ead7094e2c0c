"""``dropout`` and the feature dropouts (``Dropout2d``): y = x · mask / (1 − p) in training, y = x otherwise.

A feature dropout draws one number a channel, so its mask is the same over a whole map.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, check_inplace, random, same
from core.ops.terms import product, total
from core.ops.whole import Array, Hand, array, exact_hand

VALUE = r"y = x\cdot m\cdot\frac{1}{1-p}"
GRADIENT = r"\frac{\partial L}{\partial x} = g\cdot m\cdot\frac{1}{1-p}"
EVAL_VALUE, EVAL_GRADIENT = r"y = x", r"\frac{\partial L}{\partial x} = g"


def training(call: Call) -> bool:
    """Return whether this call drops anything: ``F.dropout`` names it "training", ``torch.dropout`` "train"."""
    return bool(call.options.get("training", call.options.get("train", True)))


def scale(call: Call) -> float:
    """Return 1 / (1 − p), by which what survives grows; with p = 1 nothing survives."""
    p = float(call.options.get("p", 0.5))
    return 0.0 if p == 1 else 1 / (1 - p)


def value(call: Call, index: tuple[int, ...]) -> Explanation:
    """Open output element ``index``: input cell, mask that this run drew, scale."""
    x = call.tensors["input"]
    term = product(("x", x, "input", index))
    if not training(call):
        return total("output", index, EVAL_VALUE, [term], call.output)
    return total("output", index, VALUE, [_dropped(call, term, index)], call.output)


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: tuple[int, ...]) -> Explanation:
    """Open element ``index`` of the input's gradient: g through the same mask and scale."""
    term = product(("g", grad_output, "grad_output", index))
    if not training(call):
        return total(which, index, EVAL_GRADIENT, [term], grad)
    return total(which, index, GRADIENT, [_dropped(call, term, index)], grad)


def _dropped(call: Call, term: Term, index: tuple[int, ...]) -> Term:
    mask = Factor("m", call.saved["mask"][index].item(), "mask", index)
    grown = Factor("1/(1−p)", scale(call))
    note = "" if mask.value else "dropped"
    return Term((*term.factors, mask, grown), term.value * mask.value * grown.value, note)


def _factor(call: Call) -> Any:
    return array(call.saved["mask"]) * scale(call) if training(call) else 1.0


def whole(call: Call) -> Hand:
    """x · mask / (1 − p)"""
    return exact_hand(np.asarray(array(call.tensors["input"]) * _factor(call)))


def whole_gradient(call: Call, _which: str, g: Array) -> Hand:
    """g · mask / (1 − p)"""
    return exact_hand(np.asarray(g * _factor(call)))


def _check(values: Values) -> None:
    if not 0 <= values["p"] <= 1:
        raise InvalidSetting(N_("p is a probability, between 0 and 1, not {p}"), p=values["p"])
    check_inplace(values["inplace"] and values["training"] and values["p"] > 0)


def _formula(values: Values) -> Formula:
    _check(values)
    return same(values)


def _call(name: str, names: Values, values: Values) -> Call:
    # A cell survived where its output or its gradient is not 0; where both are 0 the mask plays no part.
    x, y = names["x"], names["y"]
    mask = ((y != 0) | (x.grad != 0)).to(x.dtype).detach()
    options = {"p": values["p"], "training": values["training"]}
    return Call(name, {"input": x}, options, y, {"mask": mask})


DROPOUT = Operator(
    "dropout",
    "torch.nn.functional.dropout",
    "regularisation",
    "F.dropout(input, p=0.5, training=True, inplace=False)",
    N_("In training each number becomes 0 with probability p, and what survives grows by 1/(1 − p)."),
    "torch.nn.functional.dropout",
    (
        Argument("shape", "shape", "3, 4", examples=("5", "2, 2, 3")),
        Argument("p", "float", 0.5, -0.5, 1.5),
        Argument("training", "bool", True),
        Argument("inplace", "bool", False),
    ),
    lambda values: [
        random("x", values["shape"]),
        f"y = F.dropout(x, p={values['p']}, training={values['training']}, inplace={values['inplace']})",
    ],
    _formula,
    lambda names, values: _call("dropout", names, values),
    Surprise(
        N_("Ten thousand ones go through dropout with p=0.5. Their mean is then about…"),
        {"0.5": "0.5", "1": "1", "0.25": "0.25"},
        "1",
        "import torch\nimport torch.nn.functional as F\n\ntorch.manual_seed(0)\nx = torch.ones(10000)\n"
        "y = F.dropout(x, p=0.5, training=True)\nprint('values', y.unique().tolist(), 'mean', y.mean().item())\n"
        "print('training=False:', F.dropout(x, p=0.5, training=False).unique().tolist())\n"
        "print('F.dropout inside model.eval() still has training=True unless you pass training=self.training')\n",
        N_(
            "What survives is doubled, so that the expected value stays. And F.dropout does not know the mode of "
            "the model: pass training=self.training; nn.Dropout does it by itself."
        ),
    ),
)


def _two_formula(values: Values) -> Formula:
    values = {**values, "training": values["mode"] == "train"}
    if len(values["shape"]) < 2 and values["training"] and 0 < values["p"] < 1:
        raise InvalidSetting(N_("Dropout2d drops channels, so x needs at least two dimensions"))
    _check(values)
    return same(values)


DROPOUT_2D = Operator(
    "Dropout2d",
    "torch.nn.Dropout2d",
    "regularisation",
    "nn.Dropout2d(p=0.5, inplace=False)",
    N_("In train mode each channel becomes 0 with probability p; in eval mode nothing happens."),
    "torch.nn.Dropout2d",
    (
        Argument("shape", "shape", "1, 4, 2, 3", examples=("2, 3, 2, 2", "5", "2, 3")),
        Argument("p", "float", 0.5, -0.5, 1.5),
        Argument("inplace", "bool", False),
        Argument("mode", "word", "train", options=("train", "eval")),
    ),
    lambda values: [
        random("x", values["shape"]),
        f"layer = nn.Dropout2d(p={values['p']}, inplace={values['inplace']}).{values['mode']}()",
        "y = layer(x)",
    ],
    _two_formula,
    lambda names, values: _call("dropout2d", names, {**values, "training": values["mode"] == "train"}),
    Surprise(
        N_("Many tutorials say: Dropout2d zeroes single elements. What does it zero?"),
        {"elements": N_("single elements"), "channels": N_("whole channels"), "rows": N_("whole rows")},
        "channels",
        "import torch\nfrom torch import nn\n\ntorch.manual_seed(0)\nx = torch.ones(1, 4, 2, 2)\n"
        "y = nn.Dropout2d(0.5)(x)\nfor c in range(4):\n    print('channel', c, y[0, c].tolist())\n",
        N_(
            "One draw decides over a whole channel: neighbouring pixels say nearly the same, so single"
            " zeros hide little."
        ),
    ),
)


OPERATIONS = (
    Definition(
        ("dropout",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("In train mode, sets each number to 0 with probability p and multiplies the rest by 1/(1 − p)."),
        {"NativeDropoutBackward": N_("Dropout: sends g through the same mask, multiplied by 1/(1 − p).")},
        operators=(DROPOUT,),
    ),
    Definition(
        ("dropout1d", "dropout2d", "dropout3d", "feature_dropout"),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("In train mode, sets each channel to 0 with probability p and multiplies the rest by 1/(1 − p)."),
        {},
        operators=(DROPOUT_2D,),
    ),
)
