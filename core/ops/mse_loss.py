"""``mse_loss``: the mean of (x − t)², with gradient 2·(x − t) / n; with weights w the mean weighted by them."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.loss_arguments import LEGACY, NOT_REDUCED, REDUCTION, reduction, tensor_text
from core.ops.operator import Argument, Formula, Operator, Surprise, Values, broadcast_shape, random, shape_text
from core.ops.places import behind, places_of
from core.ops.pointwise import narrowed
from core.ops.terms import over_nothing, quotient, summed, total
from core.ops.whole import Array, Hand, array, largest

VALUE = r"L = \frac{1}{n}\sum_i (x_i - t_i)^2"
WEIGHTED = r"L = \frac{1}{\sum_i w_i}\sum_i w_i\,(x_i - t_i)^2"
SUMMED = r"L = \sum_i (x_i - t_i)^2"
SINGLE = r"L_i = (x_i - t_i)^2"
GRADIENT = r"\frac{\partial L}{\partial x_i} = g\,\frac{2}{n}\,(x_i - t_i)"
TARGET_GRADIENT = r"\frac{\partial L}{\partial t_i} = -\,g\,\frac{2}{n}\,(x_i - t_i)"
WEIGHTS = {  # what stands in place of the above when each element has a weight
    VALUE: WEIGHTED,
    SUMMED: r"L = \sum_i w_i\,(x_i - t_i)^2",
    SINGLE: r"L_i = w_i\,(x_i - t_i)^2",
    GRADIENT: r"\frac{\partial L}{\partial x_i} = g\,\frac{2\,w_i}{\sum_j w_j}\,(x_i - t_i)",
    TARGET_GRADIENT: r"\frac{\partial L}{\partial t_i} = -\,g\,\frac{2\,w_i}{\sum_j w_j}\,(x_i - t_i)",
}

Index = tuple[int, ...]


def share(call: Call) -> float:
    """Return 1/n or 1/Σw for reduction "mean", else 1; n counts the elements after broadcasting."""
    if call.options.get("reduction", "mean") != "mean":
        return 1.0
    if "weight" in call.tensors:
        return quotient(1, call.tensors["weight"].double().sum().item())
    return quotient(1, math.prod(_shape(call)))


def _shape(call: Call) -> Index:
    return tuple(torch.broadcast_shapes(*(call.tensors[name].shape for name in ("input", "target"))))


def _difference(call: Call, index: Index) -> tuple[Factor, Factor]:
    x, t = call.tensors["input"], call.tensors["target"]
    at_x, at_t = behind(index, x.shape), behind(index, t.shape)
    difference = x[at_x].item() - t[at_t].item()
    return Factor("(x − t)", difference, "input", at_x), Factor("(x − t)", difference, "target", at_t)


def _weight(call: Call, place: Index) -> tuple[Factor, ...]:
    """Return the weight of the element at ``place``; nothing where the call has no weights."""
    if "weight" not in call.tensors:
        return ()
    weight = call.tensors["weight"]
    at = behind(place, weight.shape)
    return (Factor("w", weight[at].item(), "weight", at),)


def _symbolic(call: Call, formula: str) -> str:
    return WEIGHTS[formula] if "weight" in call.tensors else formula


def value(call: Call, index: Index) -> Explanation:
    """Open the loss: every squared difference and its share; with reduction "none", that of one element."""
    reduction = call.options.get("reduction", "mean")
    places = [index] if reduction == "none" else itertools.product(*map(range, _shape(call)))
    part = share(call)
    terms, weighted = [], []
    for place in places:
        own, other = _difference(call, place)
        shares = (Factor("1/Σw" if "weight" in call.tensors else "1/n", part),) if reduction == "mean" else ()
        squared = (own, other, *_weight(call, place))
        weighted.append(math.prod(factor.value for factor in squared))
        terms.append(Term((*squared, *shares), weighted[-1] * part))
    symbolic = {"mean": VALUE, "sum": SUMMED}.get(reduction, SINGLE)
    explanation = total("output", index, _symbolic(call, symbolic), terms, call.output)
    explanation = replace(explanation, peak=summed(map(abs, weighted)))
    return explanation if math.isfinite(part) else over_nothing(explanation, summed(weighted))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation | None:
    """Open element ``index`` of the gradient of "input" or "target"; where one was broadcast, its uses add up."""
    if which not in ("input", "target"):
        return None
    tensor = call.tensors[which]
    sign = 1.0 if which == "input" else -1.0
    of_all = "2/Σw" if "weight" in call.tensors else "2/n"
    part = Factor(of_all if sign > 0 else f"−{of_all}", sign * 2 * share(call))
    terms = []
    for place in places_of(tensor.shape, index, _shape(call)):
        at = place if call.options.get("reduction", "mean") == "none" else ()
        g = Factor("g", grad_output[at].item(), "grad_output", at)
        difference = _difference(call, place)[0 if which == "input" else 1]
        factors = (g, *_weight(call, place), part, difference)
        terms.append(Term(factors, math.prod(factor.value for factor in factors)))
    symbolic = _symbolic(call, GRADIENT if sign > 0 else TARGET_GRADIENT)
    return total(which, index, symbolic, terms, grad)


def _differences(call: Call) -> tuple[Array, Array]:
    """Return x − t and the weights, 1 where the call has none."""
    difference = array(call.tensors["input"]) - array(call.tensors["target"])
    return difference, array(call.tensors["weight"]) if "weight" in call.tensors else np.ones(())


def whole(call: Call) -> Hand:
    """w (x − t)², its mean or its sum"""
    difference, weight = _differences(call)
    squares = difference * difference * weight
    if call.options.get("reduction", "mean") == "none":
        return Hand(squares, np.abs(squares), 1, largest(difference))
    added, scale = squares.sum(), np.abs(squares).sum()
    part = share(call)
    if math.isinf(part):  # a mean over nothing
        return Hand(np.asarray(added / 0.0), np.asarray(scale), squares.size)
    return Hand(np.asarray(added * part), np.asarray(scale * abs(part)), squares.size, float(scale))


def whole_gradient(call: Call, which: str, g: Array) -> Hand | None:
    """±2 w (x − t) · g, over n for the mean; summed where broadcasting used one cell several times"""
    if which == "weight":
        return None
    difference, weight = _differences(call)
    every = 2 * difference * weight * g * share(call) * (1 if which == "input" else -1)
    shape = tuple(call.tensors[which].shape)
    terms = every.size // max(call.tensors[which].numel(), 1)
    peak = max(largest(difference), largest(2 * difference * weight), largest(g))
    return Hand(narrowed(every, shape), narrowed(np.abs(every), shape), max(terms, 1), peak)


def _lines(values: Values) -> list[str]:
    weight = ""
    if values["weight"] is not None:
        weight = f", weight={tensor_text(values['weight'])}.reshape(x.shape)"
        if len(values["weight"]) != math.prod(values["shape"]):
            weight = f", weight={tensor_text(values['weight'])}"
    passed = (
        f"size_average={values['size_average']}, reduce={values['reduce']},"
        f" reduction={values['reduction']!r}{weight}"
    )
    return [
        random("x", values["shape"]),
        random("target", values["target"]),
        f"y = F.mse_loss(x, target, {passed})",
    ]


def _formula(values: Values) -> Formula:
    shape = broadcast_shape(values["shape"], values["target"])
    weight = values["weight"]
    if weight is not None and len(weight) != math.prod(values["shape"]):
        raise InvalidSetting(
            N_("weight has {given} {given:number|numbers} for {count} {count:element|elements}"),
            given=len(weight),
            count=math.prod(values["shape"]),
        )
    output = shape if reduction(values) == "none" else ()
    return Formula(
        (
            r"(*) \to ()",
            rf"{NOT_REDUCED}\; (*) \to (*)",
            rf"{shape_text(values['shape'])},\,{shape_text(values['target'])} \to {shape_text(output)}",
        ),
        output,
    )


def _call(names: Values, values: Values) -> Call:
    tensors = {"input": names["x"], "target": names["target"]}
    if values["weight"] is not None:
        tensors["weight"] = torch.tensor(values["weight"]).reshape(names["x"].shape)
    return Call("mse_loss", tensors, {"reduction": reduction(values)}, names["y"])


OPERATOR = Operator(
    "mse_loss",
    "torch.nn.functional.mse_loss",
    "losses",
    "F.mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None)",
    N_("The mean of all squared differences."),
    "torch.nn.functional.mse_loss",
    (
        Argument("shape", "shape", "2, 3", examples=("3", "3, 1")),
        Argument("target", "shape", "2, 3", examples=("3", "1, 3", "2, 1", "4")),
        *LEGACY,
        REDUCTION,
        Argument("weight", "numbers", "", examples=("1, 2, 0.5", "1, 2, 3, 4, 5, 6", "0, 0, 0", "1, 0, -1")),
    ),
    _lines,
    _formula,
    _call,
    Surprise(
        N_("x has shape (3, 1), the target (3,), the numbers agree. What is mse_loss?"),
        {"0": "0", "more": N_("more than 0, with a warning"), "error": N_("an error")},
        "more",
        "import torch\nimport torch.nn.functional as F\nimport warnings\n\nwarnings.simplefilter('ignore')\n"
        "x, target = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1.0, 2.0, 3.0])\n"
        "print(F.mse_loss(x, target), (x - target).shape)\nprint(F.mse_loss(x.squeeze(1), target))\n",
        N_("(3, 1) and (3,) broadcast to (3, 3): every prediction meets every target. PyTorch only warns."),
    ),
    loss=True,
    keywords="loss 损失",
)


OPERATIONS = (
    Definition(
        ("mse_loss",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("The squared differences between output and target."),
        {"MseLossBackward": N_("Squared error: the gradient is proportional to y − target.")},
        {
            ("MseLossBackward", "reduction", "1"): N_("Averaged over n numbers: sends g·2·(y − target)/n."),
            ("MseLossBackward", "reduction", "2"): N_("Summed: sends g·2·(y − target)."),
        },
        operators=(OPERATOR,),
    ),
)
