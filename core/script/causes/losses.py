"""Losses that refuse what they are given: shapes of targets, numbers of classes, ranges."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping

from torch import Tensor

from core.errors import N_
from core.script.causes.origins import reshaped_once
from core.script.causes.table import Cause, Details, assigned, first_argument, located, pair, wrapped
from core.script.failure import Failure, value_of
from core.script.kinds import is_a
from core.script.source import last_name

Groups = Mapping[str, str]


def _classes(failure: Failure, groups: Groups) -> Details | None:
    scores = failure.tensor("input")
    if scores is None or failure.call not in ("cross_entropy", "nll_loss"):
        return None
    count = scores[1].shape[1] if scores[1].dim() > 1 else scores[1].shape[0]
    return {"count": count, "last": count - 1, "needed": int(groups["label"]) + 1}


def _negative(failure: Failure, groups: Groups) -> Details | None:
    return _classes(failure, groups) if int(groups["label"]) < 0 else None


def _classes_last(failure: Failure, _groups: Groups) -> Details | None:
    """Scores (N, L, C) against labels (N, L): cross_entropy takes the classes as the second dimension."""
    both = pair(failure, "input", "target")
    if both is None or both[0][1].dim() < 3 or both[0][1].shape[:-1] != both[1][1].shape:
        return None
    (first, a), (second, b) = both
    values: dict[str, object] = {"first": f"{first} {list(a.shape)}", "second": f"{second} {list(b.shape)}"}
    form = "{}.transpose(1, 2)" if a.dim() == 3 else "{}.movedim(-1, 1)"
    return values | dict(wrapped(failure, first, form) or first_argument(failure, form) or {})


def _multi_target(failure: Failure, _groups: Groups) -> Details | None:
    target = failure.tensor("target")
    if target is None or target[1].dim() < 2:
        return None
    form = "{}.squeeze(1)" if target[1].shape[1] == 1 else "{}.argmax(1)"
    return {"shape": list(target[1].shape)} | dict(wrapped(failure, target[0], form) or {})


def _batch(failure: Failure, _groups: Groups) -> Details | None:
    both = pair(failure, "input", "target")
    if both is None:
        return None
    (first, a), (second, b) = both
    return {"first": f"{first} {list(a.shape)}", "second": f"{second} {list(b.shape)}"}


def _same_shape(failure: Failure, _groups: Groups) -> Details | None:
    both = pair(failure, "input", "target")
    if both is None:
        return None
    (first, a), (second, b) = both
    values: dict[str, object] = {"first": f"{first} {list(a.shape)}", "second": f"{second} {list(b.shape)}"}
    if a.dim() == b.dim() + 1 and a.shape[-1] == 1:
        once = reshaped_once(failure, second, b, "unsqueeze(1)")
        return values | dict(once or wrapped(failure, second, "{}.unsqueeze(1)") or {})
    if b.dim() == a.dim() + 1 and b.shape[-1] == 1:
        return values | dict(wrapped(failure, second, "{}.squeeze(1)") or {})
    return values


def _range(failure: Failure, _groups: Groups) -> Details | None:
    scores = failure.tensor("input")
    if scores is None or scores[1].numel() == 0:
        return None
    low, high = scores[1].min().item(), scores[1].max().item()
    if math.isnan(low):
        return None
    values: dict[str, object] = {"low": f"{low:.3g}", "high": f"{high:.3g}"}
    return values | dict(_with_logits(failure) or first_argument(failure, "torch.sigmoid({})") or {})


def _target_range(failure: Failure, _groups: Groups) -> Details | None:
    target = failure.tensor("target")
    if target is None or target[1].numel() == 0 or bool(target[1].isnan().any()):
        return None
    low, high = target[1].min().item(), target[1].max().item()
    return {"name": target[0], "low": f"{low:.3g}", "high": f"{high:.3g}"}


def _with_logits(failure: Failure) -> Details | None:
    """The line that makes the loss, as one that takes logits: ``nn.BCEWithLogitsLoss()``."""
    node, losses = located(failure), failure.source.calls("BCELoss")
    if not isinstance(node, ast.Call) or len(losses) != 1 or losses[0].args or losses[0].keywords:
        return None
    names = assigned(failure.source.tree, losses[0])
    if last_name(node.func) not in names or "nn.Sigmoid" in failure.source.text:
        return None
    text = failure.source.segment(losses[0]).replace("BCELoss", "BCEWithLogitsLoss")
    return {"line": losses[0].lineno, "code": failure.source.with_change(losses[0], text)}


def _nan(failure: Failure, _groups: Groups) -> Details | None:
    scores = failure.tensor("input")
    count = int(scores[1].isnan().sum()) if scores is not None else 0
    return {"name": scores[0], "count": count} if scores is not None and count else None


def _exchanged(failure: Failure, _groups: Groups) -> Details | None:
    """``criterion(y, logits)``: class numbers where the scores belong."""
    both, node = pair(failure, "input", "target"), located(failure)
    if failure.call not in ("cross_entropy", "nll_loss") or both is None:
        return None
    (first, a), (second, b) = both
    if a.is_floating_point() or not b.is_floating_point() or b.dim() != a.dim() + 1:
        return None
    values: dict[str, object] = {"first": f"{first} {list(a.shape)}", "second": f"{second} {list(b.shape)}"}
    if not isinstance(node, ast.Call) or len(node.args) != 2 or node.keywords or node.lineno != node.end_lineno:
        return values
    function, left, right = (failure.source.segment(one) for one in (node.func, *node.args))
    return values | {"line": node.lineno, "code": failure.source.with_change(node, f"{function}({right}, {left})")}


def _class_for_loss(failure: Failure, _groups: Groups) -> Details | None:
    """``criterion = nn.MSELoss``: the call makes a loss out of two tensors."""
    node = located(failure)
    value = value_of(node.func, failure.variables) if isinstance(node, ast.Call) else None
    if not is_a(value, type) or not value.__name__.endswith("Loss") or not isinstance(node, ast.Call):
        return None
    for part in ast.walk(failure.source.tree):
        pairs = _pairs(part) if isinstance(part, ast.Assign) else []
        for target, maker in pairs:
            if failure.source.segment(target) == failure.source.segment(node.func):
                text = failure.source.segment(maker)
                return {"line": maker.lineno, "code": failure.source.with_change(maker, f"{text}()")}
    return {}


def _pairs(assignment: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """Return what an assignment gives to which name, also of ``a, b = 1, 2``."""
    target, value = assignment.targets[0], assignment.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return list(zip(target.elts, value.elts, strict=False))
    return [(target, value)]


def _loss_call(failure: Failure) -> Details | None:
    """``nn.MSELoss(output, y)``, which makes a loss out of two tensors."""
    node = located(failure)
    if not isinstance(node, ast.Call) or not last_name(node.func).endswith("Loss"):
        return None
    name = failure.source.segment(node.func)
    return {"line": node.lineno, "code": failure.source.with_change(node.func, f"{name}()")}


# A word that decides on a class, and behind it nothing has a gradient.
DECISIONS = r"\.argmax\(|torch\.argmax\(|torch\.max\([^()]*(?:,|dim)|\.max\((?:dim ?= ?)?-?\d|\.topk\("


def _decision_for_scores(failure: Failure, _groups: Groups) -> Details | None:
    """``criterion(logits.argmax(1), y)``: numbers of classes, which have no gradient, where the scores belong."""
    node, scores = located(failure), failure.arguments.get("input")
    if not isinstance(node, ast.Call) or not node.args or not is_a(scores, Tensor) or scores.requires_grad:
        return None
    first = node.args[0]
    maker = decision(failure, first, node.lineno)
    if maker is None:
        return None
    values: dict[str, object] = {"expression": failure.source.segment(maker), "where": maker.lineno}
    owner = _what_it_decides_on(failure, maker)
    if node.args[0] is maker or isinstance(owner, ast.Name):
        code = failure.source.with_change(first, failure.source.segment(owner))
        return values | {"line": first.lineno, "code": code}
    return values


def decision(failure: Failure, node: ast.expr, line: int) -> ast.Call | None:
    """Return the call of argmax or the like in ``node``, or in what was last assigned to the name that it is."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and re.search(DECISIONS, failure.source.segment(part)):
            inner = [one for one in ast.walk(part) if isinstance(one, ast.Call) and one is not part]
            if not any(re.search(DECISIONS, failure.source.segment(one)) for one in inner):
                return part
    roots = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    if not roots:
        return None
    stores = [
        one
        for one in ast.walk(failure.source.tree)
        if isinstance(one, ast.Assign) and one.lineno < line and roots[0] in _targets(one)
    ]
    last = max(stores, key=lambda one: one.lineno, default=None)
    return None if last is None else decision(failure, last.value, last.lineno)


def _targets(assignment: ast.Assign) -> list[str]:
    return [one.id for one in ast.walk(assignment.targets[0]) if isinstance(one, ast.Name)]


def _what_it_decides_on(failure: Failure, call: ast.Call) -> ast.expr:
    """Return what argmax was called on: ``logits``."""
    is_function = failure.source.segment(call.func).startswith("torch.") and bool(call.args)
    return call.args[0] if is_function else getattr(call.func, "value", call.func)


CAUSES = (
    Cause(
        "graph_cut",
        r"Expected floating point type for target with class prob|_softmax.*not implemented for '(?:Long|Int)'"
        r"|Found dtype Long but expected|can't be cast to the desired output type|batch_size \(|[Tt]arget size"
        r"|expected target|must have the same dtype|Expected target|Dimension out of range|multi-target",
        N_(
            "{expression} in line {where} gives numbers of classes, and a number that was decided on has no"
            " gradient: the loss compares scores."
        ),
        N_("Give the loss the scores, as they come out of the model; argmax is for the accuracy."),
        _decision_for_scores,
    ),
    Cause(
        "loss_arguments",
        r"_softmax.*not implemented for '(?:Long|Int)'",
        N_("The loss takes the scores first and the labels second, and gets {first} and {second}."),
        N_("Change their places: criterion(output, target)."),
        _exchanged,
    ),
    Cause(
        "loss_arguments",
        r"[Bb]ool(?:ean)? value of Tensor with|Loss(?:\.__init__)?\(\) ",
        N_("The loss is a module: it is made once, and then called with output and target."),
        N_("Make it where it is named, with parentheses, then call it: loss = criterion(output, target)."),
        _class_for_loss,
    ),
    Cause(
        "target_range",
        r"Target (?P<label>-\d+) is out of bounds",
        N_("With {count} {count:score|scores} a sample the labels go from 0 to {last}; {label} is none of them."),
        N_("Count the labels from 0. For labels that do not count, give the loss ignore_index={label}."),
        _negative,
    ),
    Cause(
        "target_range",
        r"Target (?P<label>-?\d+) is out of bounds",
        N_("With {count} {count:score|scores} a sample the labels go from 0 to {last}; {label} is none of them."),
        N_("Let the last layer have {needed} outputs, or count the labels from 0 (y - 1)."),
        _classes,
    ),
    Cause(
        "target_one_dim",
        r"multi-target not supported|only batches of spatial targets supported",
        N_(
            "cross_entropy takes one class number a sample, (N,), or a pixel, (N, H, W); these labels have the"
            " shape {shape}."
        ),
        N_("Write y.squeeze(1) for (N, 1), y.argmax(1) for one-hot labels."),
        _multi_target,
    ),
    Cause(
        "target_batch",
        r"Expected target size",
        N_(
            "cross_entropy takes the classes as the second dimension, (N, C, L), and here they are last: {first},"
            " {second}."
        ),
        N_("Move them: logits.transpose(1, 2), or flatten both: logits.flatten(0, 1), labels.flatten()."),
        _classes_last,
    ),
    Cause(
        "target_batch",
        r"Expected input batch_size \((?P<given>\d+)\) to match target batch_size \((?P<wanted>\d+)\)"
        r"|size mismatch \(got input|Expected target size",
        N_("The scores and the labels are for different numbers of samples: {first}, {second}."),
        N_(
            "Keep the batch when flattening, x.view(x.size(0), -1); for sequences put the classes"
            " second: (N, C, L)."
        ),
        _batch,
    ),
    Cause(
        "target_shape",
        r"[Tt]arget size \(.*that is different to the input size|Target size .* must be the same as input size",
        N_("This loss compares number with number, so both sides need one shape: {first}, {second}."),
        N_("Bring both to one shape: y.unsqueeze(1), or output.squeeze(1)."),
        _same_shape,
    ),
    Cause(
        "nan",
        r"all elements of (?:input|target) should be between 0 and 1",
        N_("{count} {count:number|numbers} of {name} {count:is|are} NaN, and that is not between 0 and 1."),
        N_("Look where the first NaN began: a root or a logarithm of a number below 0, or a division by 0."),
        _nan,
    ),
    Cause(
        "bce_range",
        r"all elements of target should be between 0 and 1",
        N_("The targets of BCELoss are probabilities from 0 to 1, and {name} goes from {low} to {high}."),
        N_("Scale them where they are made: x / 255 for pictures, labels 0 and 1 for two classes."),
        _target_range,
    ),
    Cause(
        "bce_range",
        r"all elements of (?:input|target) should be between 0 and 1|Assertion.*input_val.*>= zero",
        N_("BCELoss takes probabilities from 0 to 1, and these numbers go from {low} to {high}."),
        N_("Use BCEWithLogitsLoss, or put a sigmoid before the loss."),
        _range,
    ),
    Cause(
        "loss_arguments",
        r"[Bb]ool(?:ean)? value of Tensor with|Loss\.__init__\(\)",
        N_("The loss is a module: it is made once, and then called with output and target."),
        N_("Write criterion = nn.CrossEntropyLoss(), then loss = criterion(output, target)."),
        lambda failure, _: _loss_call(failure),
    ),
    Cause(
        "loss_arguments",
        r"Loss\.__init__\(\) takes|\w*Loss\(\) takes|\w+Loss' object has no attribute 'backward'"
        r"|Boolean value of Tensor with more than one value is ambiguous.*Loss",
        N_("The loss is a module: it is made once, and then called with output and target."),
        N_("Write criterion = nn.CrossEntropyLoss(), then loss = criterion(output, target)."),
    ),
    Cause(
        "not_a_loss",
        r"'float' object has no attribute 'backward'|'numpy\.\w+' object has no attribute 'backward'"
        r"|'int' object has no attribute 'backward'",
        N_("item() and float() give a number of Python, and a number has no graph to go back through."),
        N_("Call backward() on the tensor, and item() only for what is printed or added up."),
    ),
)
