"""Random draws: weights that are none, and parameters that a distribution does not take."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

from torch import Tensor

from core.errors import N_
from core.script.causes.table import Cause, Details, first_argument, located
from core.script.failure import Failure, value_of
from core.script.kinds import is_a

Groups = Mapping[str, str]


def _weights(failure: Failure) -> Tensor | None:
    """Return the weights that the failing call is given."""
    node = located(failure)
    argument = value_of(node.args[0], failure.variables) if isinstance(node, ast.Call) and node.args else None
    if is_a(argument, Tensor):
        return argument
    return next((one for _name, one in failure.tensors if one.is_floating_point() and one.numel()), None)


def _range(failure: Failure) -> tuple[Tensor, dict[str, object]] | None:
    weights = _weights(failure)
    if weights is None or not weights.numel():
        return None
    low, high = weights.min().item(), weights.max().item()
    return weights, {"low": f"{low:.3g}", "high": f"{high:.3g}"}


def _negative(failure: Failure, _groups: Groups) -> Details | None:
    """Logits in place of weights."""
    bounds = _range(failure)
    if bounds is None or not bool((bounds[0] < 0).any()):
        return None
    return bounds[1] | dict(first_argument(failure, "torch.softmax({}, dim=-1)") or {})


def _nothing(failure: Failure, _groups: Groups) -> Details | None:
    """Weights that sum to 0 or are not finite."""
    bounds = _range(failure)
    if bounds is None:
        return None
    total = bounds[0].double().sum().item()
    return bounds[1] | {"total": f"{total:.3g}" if math.isfinite(total) else str(total)}


def _logits(failure: Failure, _groups: Groups) -> Details | None:
    """``Categorical(logits)``, whose first argument is the probabilities."""
    bounds, node = _range(failure), located(failure)
    if bounds is None or not bool((bounds[0] < 0).any()) or not isinstance(node, ast.Call) or not node.args:
        return None
    text = failure.source.segment(node.args[0])
    return bounds[1] | {"line": node.lineno, "code": failure.source.with_change(node.args[0], f"logits={text}")}


CAUSES = (
    Cause(
        "multinomial_weights",
        r"probability tensor contains either|invalid multinomial distribution",
        N_("multinomial takes weights, 0 or more, and these numbers go from {low} to {high}: they are logits."),
        N_("Make probabilities of them: torch.softmax(logits, dim=-1)"),
        _negative,
    ),
    Cause(
        "multinomial_weights",
        r"probability tensor contains either|invalid multinomial distribution",
        N_("multinomial takes finite weights whose sum is more than 0; here the sum is {total}."),
        N_("Look at what made them: a mask that leaves nothing, or nan."),
        _nothing,
    ),
    Cause(
        "distribution_parameters",
        r"Expected parameter probs .* to satisfy the constraint",
        N_("The first argument is the probabilities, and these numbers go from {low} to {high}: they are logits."),
        N_("Give them by name: Categorical(logits=logits)"),
        _logits,
    ),
    Cause(
        "distribution_parameters",
        r"Expected (?:parameter|value argument) (?P<name>\w*).*?to (?:satisfy|be within)"
        r" .*?(?P<constraint>[A-Z]\w+(?:\([^)]*\))?),? but found invalid values",
        N_("The distribution takes {name} only in its range: {constraint}."),
        N_("Make it so: F.softplus(x) or x.exp() for a scale, torch.sigmoid or softmax for probabilities."),
    ),
)
