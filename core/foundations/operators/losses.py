"""``F.nll_loss``, ``F.cross_entropy`` and ``F.mse_loss``."""

from __future__ import annotations

import itertools

import torch

from core.errors import N_, InvalidSetting
from core.ops.operator import (
    Argument,
    Formula,
    Operator,
    Shape,
    Surprise,
    Values,
    random,
    shape_text,
)
from core.ops.records import Call

CHOICES = ("None", "True", "False")
LEGACY = (
    Argument("size_average", "choice", "None", options=CHOICES),
    Argument("reduce", "choice", "None", options=CHOICES),
)
NOT_REDUCED = r"\texttt{reduction='none'}:"
REDUCTION = Argument("reduction", "word", "mean", options=("mean", "sum", "none"))


def reduction(values: Values) -> str:
    """Return the reduction that counts: the two old arguments win over ``reduction`` when one of them is given."""
    average, reduce = values["size_average"], values["reduce"]
    if average == reduce == "None":
        return str(values["reduction"])
    if reduce == "False":
        return "none"
    return "sum" if average == "False" else "mean"


def _numbers(values: tuple[float, ...] | None) -> str:
    return "None" if values is None else f"torch.tensor({list(map(float, values))})"


def _target(values: Values) -> list[int]:
    wanted = values["target"]
    if wanted is None or isinstance(wanted, str):
        return []
    return [wanted] if isinstance(wanted, int) else [label for label in wanted if label is not None]


def _class_lines(values: Values) -> list[str]:
    passed = [
        f"weight={_numbers(values['weight'])}",
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
            N_("{count} examples need {count} target classes, not {given}"), count=count, given=len(labels)
        )
    if values["weight"] is not None and len(values["weight"]) != classes:
        raise InvalidSetting(
            N_("weight has {given} numbers for {classes} classes"), given=len(values["weight"]), classes=classes
        )
    for label in labels:
        if not 0 <= label < classes and label != values["ignore_index"]:
            raise InvalidSetting(
                N_("target {label} names none of the classes 0 to {last}"), label=label, last=classes - 1
            )
    return shape, classes


def _class_formula(values: Values) -> Formula:
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


def _class_call(name: str, names: Values, values: Values) -> Call:
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

NLL = Operator(
    "nll_loss",
    "torch.nn.functional.nll_loss",
    "losses",
    "F.nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    N_("Picks the target's log-probability of each example, changes its sign, and averages."),
    "torch.nn.functional.nll_loss",
    CLASS_ARGUMENTS,
    _class_lines,
    _class_formula,
    lambda names, values: _class_call("nll_loss", names, values),
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
)

CROSS_ENTROPY = Operator(
    "cross_entropy",
    "torch.nn.functional.cross_entropy",
    "losses",
    "F.cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None,"
    " reduction='mean', label_smoothing=0.0)",
    N_("log_softmax and nll_loss in one. It takes logits."),
    "torch.nn.functional.cross_entropy",
    (*CLASS_ARGUMENTS, Argument("label_smoothing", "float", 0.0, -0.5, 1.5)),
    _class_lines,
    _class_formula,
    lambda names, values: _class_call("cross_entropy", names, values),
    Surprise(
        N_("Someone puts a softmax before cross_entropy. A perfect prediction among 10 classes then costs…"),
        {"0": "0", "1.46": "1.46", "2.3": "2.30"},
        "1.46",
        "import torch\nimport torch.nn.functional as F\n\nscores = torch.zeros(1, 10)\nscores[0, 3] = 100\n"
        "target = torch.tensor([3])\nprint('logits          ', F.cross_entropy(scores, target).item())\n"
        "print('after a softmax ', F.cross_entropy(scores.softmax(1), target).item())\n",
        N_(
            "cross_entropy applies its own softmax. After another one the scores lie in 0 to 1, and no"
            " loss can be small."
        ),
    ),
    loss=True,
)


def _broadcast(first: Shape, second: Shape) -> Shape:
    sizes = []
    for a, b in itertools.zip_longest(reversed(first), reversed(second), fillvalue=1):
        if a != b and 1 not in (a, b):
            raise InvalidSetting(
                N_("shapes {first} and {second} do not fit, not even by broadcasting"), first=first, second=second
            )
        sizes.append(max(a, b))
    return tuple(reversed(sizes))


def _mse_lines(values: Values) -> list[str]:
    weight = ""
    if values["weight"] is not None:
        weight = f", weight={_numbers(values['weight'])}.reshape(x.shape)"
        if len(values["weight"]) != _count(values["shape"]):
            weight = f", weight={_numbers(values['weight'])}"
    passed = (
        f"size_average={values['size_average']}, reduce={values['reduce']},"
        f" reduction={values['reduction']!r}{weight}"
    )
    return [
        random("x", values["shape"]),
        random("target", values["target"]),
        f"y = F.mse_loss(x, target, {passed})",
    ]


def _count(shape: Shape) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _mse_formula(values: Values) -> Formula:
    shape = _broadcast(values["shape"], values["target"])
    weight = values["weight"]
    if weight is not None and len(weight) != _count(values["shape"]):
        raise InvalidSetting(
            N_("weight has {given} numbers for {count} elements"), given=len(weight), count=_count(values["shape"])
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


def _mse_call(names: Values, values: Values) -> Call:
    tensors = {"input": names["x"], "target": names["target"]}
    if values["weight"] is not None:
        tensors["weight"] = torch.tensor(values["weight"]).reshape(names["x"].shape)
    return Call("mse_loss", tensors, {"reduction": reduction(values)}, names["y"])


MSE = Operator(
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
    _mse_lines,
    _mse_formula,
    _mse_call,
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
)
