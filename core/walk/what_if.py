"""The forward pass of a step with some numbers changed: what they reach is computed again, by torch."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.errors import N_, InvalidSetting
from core.ops.places import cell
from core.rng import own_generator
from core.trace.forward import DROPOUTS, saved
from core.trace.torch_internals import tree_leaves
from core.trace.trace_record import Operation, Record
from core.walk import cell_explanation
from core.walk.cell_explanation import OpenedCell
from core.walk.cell_request import CellRequest, ValueCell
from core.walk.scene import drawable, name_of
from core.walk.walk import Walk, products

MOST_CHANGES = 32
LARGEST = 1e9
MOST_PRODUCTS = 1_000_000_000  # of one forward pass, some 0.1 s
MOST_CLASSES = 20  # of a network whose probabilities are sent
KINDS = ("input", "parameter", "result")  # of values that can be changed
UNWATCHED = ("data", "detach")  # what is written into their results, the tensor itself has too
VIEWS = ("view", "reshape", "__getitem__", "t", "T", "transpose", "permute", "squeeze", "unsqueeze", "flatten")
UNKNOWN = N_("{name} cannot run again by itself, so what follows from this change is not known")
CHANGE = re.compile(r"(\d{1,6})\.(\d{1,9}):(-?\d{1,10}(?:\.\d{1,12})?(?:e[+-]?\d{1,2})?)")


@dataclass(frozen=True)
class Change:
    """Number ``place`` (in row-major order) of the record's value ``value`` becomes ``number``."""

    value: int
    place: int
    number: float


@dataclass(frozen=True)
class Effect:
    """How an operation's output changed: ``cells`` of its ``size`` numbers differ, by ``largest`` at most."""

    operation: int
    cells: int
    size: int
    largest: float


@dataclass(frozen=True)
class WhatIf:
    """A step with ``changes`` in its forward pass; gradients and update are those of the step that was taken.

    ``followed`` are the numbers of the values computed again or changed. ``computed`` holds what torch had
    computed, with the changes before it, of each result that was changed itself.
    """

    original: Walk
    walk: Walk
    changes: tuple[Change, ...]
    followed: tuple[int, ...]
    computed: dict[int, Tensor]


def read(text: str) -> tuple[Change, ...]:
    """Read "value.place:number,…"; raises ``InvalidSetting``."""
    changes: dict[tuple[int, int], float] = {}
    for part in text.split(",") if text else ():
        matched = CHANGE.fullmatch(part)
        number = float(matched[3]) if matched else math.nan
        if matched is None or not abs(number) <= LARGEST:
            raise InvalidSetting(N_("{text} is no change of a number"), text=repr(part[:30]))
        changes[int(matched[1]), int(matched[2])] = number
    if len(changes) > MOST_CHANGES:
        raise InvalidSetting(N_("up to {most} numbers can be changed at once"), most=MOST_CHANGES)
    return tuple(Change(value, place, number) for (value, place), number in changes.items())


def can_change(record: Record, value: int) -> bool:
    """Return whether numbers of ``value`` can be changed: real ones, computed, given or learned."""
    entry = record.values[value]
    return (
        value not in record.written_over
        and entry.kind in KINDS
        and entry.tensor.is_floating_point()
        and entry.tensor.layout == torch.strided
    )


def check(record: Record, changes: Sequence[Change]) -> None:
    """Raise ``InvalidSetting`` where a change is none of this step."""
    for change in changes:
        if change.value >= len(record.values) or change.place >= record.values[change.value].tensor.numel():
            raise InvalidSetting(N_("this training step has no such number: reset the what-if"))
        if not can_change(record, change.value):
            entry = record.values[change.value]
            raise InvalidSetting(N_("a number of {name} cannot be changed"), name=entry.name or entry.kind)


def take(walk: Walk, changes: Sequence[Change]) -> WhatIf:
    """Return the step with ``changes``: each operation that a change reaches runs again; raises ``InvalidSetting``.

    A dropout drops the same units as before. Python is not run again: what left torch in the forward pass
    (``.item()``, a condition) stays as it was.
    """
    if not changes:
        return WhatIf(walk, walk, (), (), {})
    check(walk.record, changes)
    if sum(products(operation.call) for operation in walk.record.operations) > MOST_PRODUCTS:
        raise InvalidSetting(N_("this network is too large for a what-if"))
    pass_ = _Pass(walk, changes)
    with torch.no_grad(), _generator(walk):
        pass_.run()
    record = walk.record
    values = tuple(
        replace(value, tensor=pass_.now[value.id]) if value.id in pass_.now else value for value in record.values
    )
    changed = replace(record, values=values, operations=tuple(pass_.operations))
    loss = None if record.loss is None else values[record.loss].tensor.item()
    again = replace(walk, record=changed, loss=loss, checks={})
    return WhatIf(walk, again, tuple(changes), tuple(sorted(pass_.now)), pass_.computed)


class _Pass:
    """The forward pass once more; ``now`` holds the values that differ from the record, by their numbers."""

    def __init__(self, walk: Walk, changes: Sequence[Change]) -> None:
        self.record, self.own = walk.record, walk.setup.own is not None
        self.changes: dict[int, list[Change]] = {}
        for change in changes:
            self.changes.setdefault(change.value, []).append(change)
        self.now: dict[int, Tensor] = {}
        self.computed: dict[int, Tensor] = {}
        self.operations = list(self.record.operations)

    def run(self) -> None:
        for value in self.record.values:
            if value.producer is None:
                self.put(value.id)
        for operation in self.record.operations:
            if any(number in self.now for _name, number in operation.inputs):
                self.again(operation)
            if self.changes.keys() & set(operation.outputs) and self.writes_unseen(operation):
                raise InvalidSetting(UNKNOWN, name=operation.name)
            for number in operation.outputs:
                self.put(number)
        self.refuse_written_over()

    def refuse_written_over(self) -> None:
        """Refuse where something wrote unseen into a tensor that the changes reach: what it wrote is not known."""
        for number, before in self.record.written_over.items():
            reached = {before}
            for operation in self.record.operations:
                if any(each in reached for _name, each in operation.inputs):
                    reached |= {each for each in operation.outputs if each < number}
            if reached & self.now.keys():
                raise InvalidSetting(UNKNOWN, name=self.record.values[before].name or "data")

    def put(self, number: int) -> None:
        """Change what is to be changed of value ``number``, once."""
        if number not in self.changes or number in self.computed:
            return
        self.computed[number] = self.value(number)
        changed = self.value(number).clone(memory_format=torch.contiguous_format)
        for change in self.changes[number]:
            changed.view(-1)[change.place] = change.number
        self.now[number] = changed

    def value(self, number: int) -> Tensor:
        return self.now.get(number, self.record.values[number].tensor)

    def again(self, operation: Operation) -> None:
        """Run an operation on what its inputs are now."""
        outputs = self.outputs(operation)
        call = replace(
            operation.call,
            tensors={name: self.value(number) for name, number in operation.inputs},
            output=outputs[0],
        )
        call = replace(call, saved=saved(call, None) or operation.call.saved)
        self.operations[operation.index] = replace(operation, call=call)
        self.now |= zip(operation.outputs, outputs, strict=True)

    def writes_unseen(self, operation: Operation) -> bool:
        """Return whether an operation writes into what autograd does not watch: ``w.data.clamp_(-1, 1)``."""
        number = operation.inputs[0][1] if operation.inplace and operation.inputs else None
        while number is not None:
            producer = self.record.values[number].producer
            maker = None if producer is None else self.record.operations[producer]
            if maker is None or not (maker.inplace or maker.name in (*VIEWS, *UNWATCHED)):
                return False
            if maker.name in UNWATCHED:
                return True
            number = maker.inputs[0][1] if maker.inputs else None
        return False

    def outputs(self, operation: Operation) -> list[Tensor]:
        unknown = InvalidSetting(UNKNOWN, name=operation.name)
        if operation.again is None or self.writes_unseen(operation):
            raise unknown
        rng_state = self.record.rng_states.get(operation.index)
        if rng_state is not None:
            torch.set_rng_state(rng_state)
        before = torch.get_rng_state() if self.own else None
        try:
            returned = operation.again(*(self.value(number) for _name, number in operation.inputs))
        except RuntimeError as error:
            raise unknown from error
        outputs = [item.detach() for item in tree_leaves(returned) if isinstance(item, Tensor)]
        draws_again = rng_state is None and before is not None and not torch.equal(before, torch.get_rng_state())
        if draws_again or len(outputs) != len(operation.outputs):
            raise unknown
        return outputs


@contextmanager
def _generator(walk: Walk) -> Iterator[None]:
    """Own torch's generator where an operation may draw from it; other sessions wait meanwhile."""
    if walk.setup.own is None and not any(each.name in DROPOUTS for each in walk.record.operations):
        yield
        return
    with own_generator():
        yield


def effects(what_if: WhatIf) -> list[Effect]:
    """Return what became of the output of each operation that ran again or was changed, in their order."""
    results, followed = [], set(what_if.followed)
    pairs = zip(what_if.original.record.values, what_if.walk.record.values, strict=True)
    values = {old.id: (drawable(old.tensor), drawable(new.tensor)) for old, new in pairs if old.id in followed}
    for operation in what_if.original.record.operations:
        outputs = [values[number] for number in operation.outputs if number in values]
        if outputs:
            cells = sum(int((~_same(old, new)).sum()) for old, new in outputs)
            largest = max(_largest_difference(old, new) for old, new in outputs)
            results.append(Effect(operation.index, cells, sum(old.numel() for old, _new in outputs), largest))
    return results


def _same(old: Tensor, new: Tensor) -> Tensor:
    return (old == new) | ((old != old) & (new != new))


def _largest_difference(old: Tensor, new: Tensor) -> float:
    differences = torch.where(_same(old, new), 0, (new.double() - old.double()).abs())
    return float(differences.max()) if differences.numel() else 0.0


def probabilities(walk: Walk) -> list[float]:
    """Return the softmax of one row of logits, or of log-probabilities, which it leaves as they are; else []."""
    output = walk.record.values[walk.record.output].tensor
    classifies = walk.setup.choice.loss in ("cross_entropy", "nll", "mse_onehot")
    if not classifies or output.dim() != 2 or output.shape[0] != 1 or not 1 < output.shape[1] <= MOST_CLASSES:
        return []
    if not output.isfinite().all():
        return []  # the training diverged: NaN is no probability, and no JSON
    return [float(probability) for probability in output[0].double().softmax(0)]


def name_of_number(walk: Walk, change: Change) -> str:
    """Return what to call the changed number: "conv1.weight[0, 0, 1, 2]"."""
    index = cell(change.place, walk.record.values[change.value].tensor.shape)
    return f"{name_of(walk, change.value)}[{', '.join(map(str, index))}]"


def open_cell(what_if: WhatIf, request: CellRequest) -> tuple[OpenedCell, Change | None]:
    """Open a cell as ``cell_explanation.open_cell`` does: of a value with the changes, of the others without.

    A result that was changed itself is opened to what torch computed, and the change is returned beside it.
    """
    if not isinstance(request, ValueCell):
        return cell_explanation.open_cell(what_if.original, request), None
    record = what_if.walk.record
    change = next((each for each in what_if.changes if _is_at(record, each, request)), None)
    if change is None:
        return cell_explanation.open_cell(what_if.walk, request), None
    values = list(record.values)
    values[change.value] = replace(values[change.value], tensor=what_if.computed[change.value])
    before = replace(what_if.walk, record=replace(record, values=tuple(values)), checks={})
    opened_cell = cell_explanation.open_cell(before, request)
    return replace(opened_cell, value=float(record.values[change.value].tensor[opened_cell.index])), change


def _is_at(record: Record, change: Change, request: ValueCell) -> bool:
    return request == ValueCell(change.value, cell(change.place, record.values[change.value].tensor.shape))
