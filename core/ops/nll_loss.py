"""``nll_loss``: −x[n, target_n], averaged; it expects log-probabilities and only reads the target's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops.definition import Definition
from core.ops.explanation import Call, Explanation, Factor, Term
from core.ops.loss_arguments import LEGACY, NOT_REDUCED, REDUCTION, reduction, tensor_text
from core.ops.operator import Argument, Formula, Operator, Shape, Surprise, Values, random, shape_text
from core.ops.places import cell
from core.ops.terms import over_nothing, passed, quotient, summed, total
from core.ops.whole import Array, Hand, array

VALUE = r"L = -\frac{1}{\sum_n w_{t_n}}\sum_n w_{t_n}\,x_{n,t_n}"
SUMMED = r"L = -\sum_n w_{t_n}\,x_{n,t_n}"
GRADIENT = r"\frac{\partial L}{\partial x_{n,c}} = -\,g\,\frac{w_c\,[\,c = t_n\,]}{\sum_n w_{t_n}}"

Index = tuple[int, ...]


def targets(call: Call) -> Iterator[tuple[Index, int, float]]:
    """Yield (cell of the target, its class, its weight) for every example that is not ignored."""
    target, weight = call.tensors["target"], call.tensors.get("weight")
    for place in range(target.numel()):
        where = cell(place, target.shape)
        label = int(target[where].item())
        if label != call.options.get("ignore_index", -100):
            yield where, label, 1.0 if weight is None else weight[label].item()


def picked(x: Tensor, where: Index, label: int) -> Index:
    """Return the cell of ``x`` (N, C, ...) or (C) for class ``label`` of the example at ``where``."""
    return (label,) if x.dim() == 1 else (where[0], label, *where[1:])


def example_of(x: Tensor, index: Index) -> tuple[Index, int]:
    """Split a cell of ``x`` into (the place of its example in the target, its class)."""
    return ((), index[0]) if x.dim() == 1 else ((index[0], *index[2:]), index[1])


def divisor(call: Call) -> float:
    """Return what the sum is divided by: the sum of the weights for "mean", 1 for "sum" and "none"."""
    if call.options.get("reduction", "mean") != "mean":
        return 1.0
    return summed(weight for _, _, weight in targets(call))


def value(call: Call, index: Index) -> Explanation:
    """Open the loss: one log-probability an example, weighted and averaged.

    With reduction "none" the loss has the target's shape and ``index`` chooses an example. The mean over nothing
    (every example ignored, or weights that add to 0) is nan or infinite, as torch has it.
    """
    x, n = call.tensors["input"], divisor(call)
    terms, weighted = [], []
    for where, label, weight in targets(call):
        if call.options.get("reduction", "mean") == "none" and where != index:
            continue
        place = picked(x, where, label)
        own = Factor("x", x[place].item(), "input", place)
        share = Factor("−w/Σw", quotient(-weight, n), "target", where)
        terms.append(Term((share, own), share.value * own.value))
        weighted.append(-weight * own.value)
    mean = call.options.get("reduction", "mean") == "mean"
    explanation = total("output", index, VALUE if mean else SUMMED, terms, call.output)
    return explanation if n else over_nothing(explanation, summed(weighted))


def gradient(call: Call, which: str, grad_output: Tensor, grad: Tensor, index: Index) -> Explanation:
    """Open element ``index`` of the input's gradient: −g·w/Σw at the target's class, 0 elsewhere."""
    x, n = call.tensors["input"], divisor(call)
    where, label = example_of(x, index)
    labels = {place: (target, weight) for place, target, weight in targets(call)}
    target, weight = labels.get(where, (-1, 0.0))
    at = where if call.options.get("reduction", "mean") == "none" else ()
    g = Factor("g", grad_output[at].item(), "grad_output", at)
    if label != target:  # not read, so nothing comes back, whatever arrived
        return total(which, index, GRADIENT, [passed(Term((g,), g.value), "[c = t]", False, "target", where)], grad)
    hit = Factor("−w·[c = t]/Σw", quotient(-weight, n), "target", where)
    return total(which, index, GRADIENT, [Term((g, hit), g.value * hit.value)], grad)


class Labels:
    """The targets of ``nll_loss`` and ``cross_entropy`` as arrays with the classes in dimension 1: (N, C, ...)."""

    def __init__(self, call: Call) -> None:
        x, target = array(call.tensors["input"]), call.tensors["target"].numpy()
        self.single = x.ndim == 1
        self.x, target = (x[None], target[None]) if self.single else (x, target)
        self.classes, self.reduction = self.x.shape[1], str(call.options.get("reduction", "mean"))
        self.there = target != call.options.get("ignore_index", -100)
        self.target = np.where(self.there, target, 0)
        weight = call.tensors.get("weight")
        self.of_class = np.ones(self.classes) if weight is None else array(weight)
        self.weight = np.where(self.there, self.of_class[self.target], 0.0)
        self.divisor = self.weight.sum() if self.reduction == "mean" else 1.0
        self.spread = float(call.options.get("label_smoothing", 0.0))

    @property
    def hit(self) -> NDArray[np.bool_]:
        """Where the classes are the targets of examples that count: (N, C, ...)."""
        places = np.arange(self.classes).reshape(1, -1, *(1,) * (self.target.ndim - 1))
        return np.asarray((self.target[:, None] == places) & self.there[:, None])

    def arrived(self, g: Array) -> Array:
        """Return the gradient that reaches each example's loss."""
        shape = self.target.shape
        return g.reshape(shape) if self.reduction == "none" else np.broadcast_to(g, shape)

    def share(self, g: Array) -> Array:
        """Return g · w / Σw of each example, with a dimension for the classes: (N, 1, ...)."""
        return np.where(self.there, self.arrived(g) * self.weight / self.divisor, 0.0)[:, None]

    def picked(self, numbers: Array) -> Array:
        """Return the number of each example's own class."""
        return np.take_along_axis(numbers, self.target[:, None], 1)[:, 0]

    def broadcast(self) -> Array:
        """Return the weights of the classes in dimension 1."""
        return self.of_class.reshape(1, -1, *(1,) * (self.target.ndim - 1))


def whole(call: Call) -> Hand | None:
    """−Σ w · x of the target's class, over Σ w"""
    labels = Labels(call)
    return averaged(call, labels, labels.x, np.abs(labels.x))


def averaged(call: Call, labels: Labels, log_p: Array, unit: Array) -> Hand:
    """−Σ w · log p of the target's class, over Σ w; with label smoothing every class has its share.

    ``unit`` is what the rounding errors of ``log_p`` are relative to.
    """
    own = np.where(labels.there, labels.weight * labels.picked(log_p), 0.0)
    scale = np.where(labels.there, np.abs(labels.weight * labels.picked(unit)), 0.0)
    if labels.spread:
        every, of_class = (labels.broadcast() * log_p).sum(1), (np.abs(labels.broadcast()) * unit).sum(1)
        share = labels.spread / labels.classes
        own = (1 - labels.spread) * own + np.where(labels.there, share * every, 0.0)
        scale = scale + np.where(labels.there, share * of_class, 0.0)
    if labels.reduction == "none":
        return _of_shape(call, Hand(-own, scale, labels.classes))
    numbers, whole = np.asarray(-own.sum() / labels.divisor), scale.sum()
    terms = own.size * (labels.classes if labels.spread else 1)
    return Hand(numbers, np.asarray(whole / labels.divisor), terms, float(whole))


def _of_shape(call: Call, hand: Hand) -> Hand:
    shape = tuple(call.output.shape)
    return Hand(hand.numbers.reshape(shape), hand.scale.reshape(shape), hand.terms, hand.peak)


def whole_gradient(call: Call, which: str, g: Array) -> Hand | None:
    """−w/Σw at the target's class"""
    if which != "input":
        return None
    labels = Labels(call)
    grad = np.where(labels.hit, -labels.share(g), 0.0).reshape(tuple(call.tensors["input"].shape))
    return Hand(grad, np.abs(grad))


def _target(values: Values) -> list[int]:
    target = values["target"]
    if target is None or isinstance(target, str):
        return []
    return [target] if isinstance(target, int) else [label for label in target if label is not None]


def class_lines(values: Values) -> list[str]:
    """Return the lines that call ``nll_loss``, or ``cross_entropy`` where there is a label smoothing."""
    passed = [
        f"weight={tensor_text(values['weight'])}",
        f"size_average={values['size_average']}",
        f"ignore_index={values['ignore_index']}",
        f"reduce={values['reduce']}",
        f"reduction={values['reduction']!r}",
    ]
    if "label_smoothing" in values:
        passed.append(f"label_smoothing={values['label_smoothing']}")
    scores = random("x", values["shape"])
    function = "cross_entropy" if "label_smoothing" in values else "nll_loss"
    if function == "nll_loss":
        scores = scores.replace(".requires_grad_()", ".log_softmax(-1).round(decimals=1).requires_grad_()")
    labels = _target(values)
    target = labels[0] if len(values["shape"]) == 1 and len(labels) == 1 else labels
    dtype = ", dtype=torch.long" if not labels else ""
    return [scores, f"target = torch.tensor({target}{dtype})", f"y = F.{function}(x, target, {', '.join(passed)})"]


def _check_class(values: Values) -> tuple[Shape, int]:
    shape, labels = values["shape"], _target(values)
    if len(shape) > 2:
        raise InvalidSetting(
            N_("this lesson takes scores of one example (C,) or a batch (N, C), not {shape}"), shape=shape
        )
    count, classes = (1, shape[0]) if len(shape) == 1 else shape
    if len(labels) != count:
        raise InvalidSetting(
            N_(
                "{count} {count:example needs|examples need} {count} {count:target class|target classes}, not "
                "{given}"
            ),
            count=count,
            given=len(labels),
        )
    if values["weight"] is not None and len(values["weight"]) != classes:
        raise InvalidSetting(
            N_("weight has {given} {given:number|numbers} for {classes} {classes:class|classes}"),
            given=len(values["weight"]),
            classes=classes,
        )
    for label in labels:
        if not 0 <= label < classes and label != values["ignore_index"]:
            raise InvalidSetting(
                N_("target {label} names none of the classes 0 to {last}"), label=label, last=classes - 1
            )
    return shape, classes


def class_formula(values: Values) -> Formula:
    """Return the shape rule of a loss over classes."""
    shape, _ = _check_class(values)
    if values.get("label_smoothing", 0.0) > 1:
        raise InvalidSetting(
            N_("label_smoothing is a share, at most 1, not {value}"), value=values["label_smoothing"]
        )
    output = shape[:-1] if reduction(values) == "none" else ()
    general, unreduced = ("(N, C)", "(N,)") if len(shape) == 2 else ("(C)", "()")
    return Formula(
        (
            rf"{general} \to ()",
            rf"{NOT_REDUCED}\; {general} \to {unreduced}",
            rf"{shape_text(shape)} \to {shape_text(output)}",
        ),
        output,
    )


def class_call(name: str, names: Values, values: Values) -> Call:
    """Read the call of a loss over classes."""
    tensors = {"input": names["x"], "target": names["target"]}
    if values["weight"] is not None:
        tensors["weight"] = torch.tensor(values["weight"])
    options = {"ignore_index": values["ignore_index"], "reduction": reduction(values)}
    if "label_smoothing" in values:
        options["label_smoothing"] = max(0.0, values["label_smoothing"])  # torch ignores a negative one
    return Call(name, tensors, options, names["y"])


CLASS_ARGUMENTS = (
    Argument("shape", "shape", "2, 3", examples=("3", "3, 2", "4, 3")),
    Argument("target", "sizes", "0, 2", examples=("1", "0, 1, 1", "0, 3", "0, -100", "-1, 1", "-100, -100")),
    Argument("weight", "numbers", "", examples=("1, 2, 0.5", "1, 2", "0, 0, 0", "1, 0, -1")),
    LEGACY[0],
    Argument("ignore_index", "int", -100, -100, 10),
    LEGACY[1],
    REDUCTION,
)

OPERATOR = Operator(
    "nll_loss",
    "torch.nn.functional.nll_loss",
    "losses",
    "F.nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    N_("Picks the target's log-probability of each example, changes its sign, and averages."),
    "torch.nn.functional.nll_loss",
    CLASS_ARGUMENTS,
    class_lines,
    class_formula,
    lambda names, values: class_call("nll_loss", names, values),
    Surprise(
        N_("Many tutorials say nll_loss is for networks without a softmax. What if it gets logits?"),
        {
            "error": N_("an error"),
            "negative": N_("a number that can be negative, and no error"),
            "right": N_("the right loss"),
        },
        "negative",
        "import torch\nimport torch.nn.functional as F\n\nscores = torch.tensor([[4.0, 1.0, 0.0]])\n"
        "target = torch.tensor([0])\nprint('raw scores      ', F.nll_loss(scores, target))\n"
        "print('log_softmax first', F.nll_loss(scores.log_softmax(1), target))\n"
        "print('cross_entropy    ', F.cross_entropy(scores, target))\n",
        N_("nll_loss computes no logarithm: it expects log-probabilities, so the network ends in log_softmax."),
    ),
    loss=True,
    keywords="loss 损失",
)
NODES = ("NllLossBackward", "NllLoss2DBackward")
REDUCED = {
    "1": N_("Averaged over the N rows that count: −g/N to the target class of each, 0 elsewhere."),
    "2": N_("Summed: −g to the target class of each row, 0 elsewhere."),
}
OPERATIONS = (
    Definition(
        ("nll_loss",),
        value,
        gradient,
        whole,
        whole_gradient,
        N_("The log-probability of the target class with its sign changed: the surer, the smaller."),
        dict.fromkeys(NODES, N_("Negative log-likelihood: the gradient goes to each row's target class only.")),
        {(node, "reduction", number): words for node in NODES for number, words in REDUCED.items()},
        operators=(OPERATOR,),
    ),
)
