"""The program of a step that takes the forward pass once more with changed numbers, and prints what follows."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from core.export import own_code, walk_script
from core.ops.places import cell
from core.walk.setup import LOSS_LINES
from core.walk.walk import Walk
from core.walk.what_if import Change, name_of_number

NOT_COPIED = (
    "\n# What if? Python cannot copy this network, so the forward pass cannot be taken again from where it began.\n"
)
CLASS = '''\
class WhatIf(TorchFunctionMode):
    """Sets numbers in what the calls of torch return: {number of the call: {(output, index): number}}."""

    def __init__(self, changes):
        super().__init__()
        self.changes = changes
        self.calls = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        outputs = list(result) if isinstance(result, (tuple, list)) else [result]
        if not any(isinstance(output, torch.Tensor) for output in outputs):
            return result
        for (k, index), number in self.changes.get(self.calls, {}).items():
            if not any(outputs[k] is each for each in args):  # what changes its input in place returns it
                outputs[k] = outputs[k].clone()
            with torch.no_grad():
                outputs[k][index] = number
        self.calls += 1
        return type(result)(outputs) if isinstance(result, (tuple, list)) else outputs[0]
'''


KEPT = "net_before = copied(net)  # its weights, and all else that a forward pass may change"
COPIED = """\
def copied(net):
    tensors = [each for module in net.modules() for each in vars(module).values() if isinstance(each, torch.Tensor)]
    copies = {id(each): each.detach().clone() for each in tensors if not each.is_leaf}  # deepcopy does not
    return python_copy.deepcopy(net, copies)
"""


def script(walk: Walk, changes: Sequence[Change]) -> str:
    """Return the program of ``walk`` and, after it, the same forward pass with ``changes``, if any."""
    if not changes:
        return walk_script.script(walk.setup)
    if not can_be_copied(walk.setup.network):
        return walk_script.script(walk.setup) + NOT_COPIED
    return walk_script.script(walk.setup, ["import copy as python_copy", COPIED, KEPT]) + _lines(walk, changes)


def can_be_copied(network: nn.Module) -> bool:
    """Return whether ``copied`` of the script works on ``network``."""
    names: dict[str, Any] = {"python_copy": copy, "torch": torch}
    exec(COPIED, names)
    try:
        names["copied"](network)
    except Exception:  # whatever the reader's own module raises
        return False
    return True


def _lines(walk: Walk, changes: Sequence[Change]) -> str:
    """Return the lines that follow the program of ``walk``."""
    choice, calls = walk.setup.choice, _calls(walk, changes)
    assignments = [line for line in (_assignment(walk, change) for change in changes) if line]
    loss = "" if choice.loss == "backward" else LOSS_LINES[choice.loss].removeprefix("loss = ")
    passed = [f"output_if = {walk.setup.call_of(copies=False)}"]  # a copy would be a call more
    if loss:
        passed.append(f"loss_if = {loss.replace('output', 'output_if')}")
    parts = [
        "\n# What if? The forward pass once more, with the network before the step and these numbers in it.",
        *([CLASS] if calls else []),
        "net = net_before",
        *(["with torch.no_grad():", *(f"    {line}" for line in assignments)] if assignments else []),
        *own_code.seeding(walk.setup.own, str(choice.seed)),
        *(_with(calls, passed) if calls else passed),
        'show("what if: output", output_if)',
    ]
    if loss:
        parts += ['show("what if: loss", loss_if)', 'print("difference of the loss", loss_if.item() - loss.item())']
    return "\n".join([*parts, ""])


def _assignment(walk: Walk, change: Change) -> str:
    """Return the line that changes a number of an input or of a weight; "" for a result, which a call returns."""
    value = walk.record.values[change.value]
    if value.producer is not None:
        return ""
    index = ", ".join(map(str, cell(change.place, value.tensor.shape))) or "..."
    target = f'net.get_parameter("{value.name}")' if value.kind == "parameter" else value.name
    return f"{target}[{index}] = {change.number!r}"


def _calls(walk: Walk, changes: Sequence[Change]) -> list[str]:
    """Return the rows of the dictionary that says which call returns what: one call a row."""
    changes_of_calls: dict[int, list[tuple[str, str]]] = {}
    for change in changes:
        value = walk.record.values[change.value]
        if value.producer is not None:
            operation = walk.record.operations[value.producer]
            call = sum(not each.unseen for each in walk.record.operations[: operation.index])
            index = cell(change.place, value.tensor.shape)
            pair = f"({operation.outputs.index(value.id)}, {index or '...'}): {change.number!r}"
            changes_of_calls.setdefault(call, []).append((pair, name_of_number(walk, change)))
    return [
        f"{call}: {{{', '.join(pair for pair, _name in pairs)}}},  # {', '.join(name for _pair, name in pairs)}"
        for call, pairs in sorted(changes_of_calls.items())
    ]


def _with(calls: list[str], passed: list[str]) -> list[str]:
    rows = [f"    {row}" for row in calls]
    return ["changes = {", *rows, "}", "with WhatIf(changes):", *(f"    {line}" for line in passed)]
