"""Takes and records one training step, from ``zero_grad`` to the new loss, and divides it into steps to show."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from core import trace
from core.errors import N_, InvalidSetting
from core.ops import explain, precision
from core.ops.explanation import Call, Explanation
from core.ops.places import cell
from core.ops.precision import Verdict
from core.ops.whole import Hand, array
from core.rng import all_seeded
from core.switches import keep_switches
from core.trace.outputs import pick
from core.trace.torch_internals import uncompiled, version
from core.trace.trace_record import BackwardNode, Operation, Record
from core.walk import optimizer
from core.walk.failures import refused
from core.walk.setup import Choice, Setup

MOST_BY_HAND = 10_000_000  # products of one operation, some 0.1 s in NumPy


def dense(tensor: Tensor) -> Tensor:
    """Return ``tensor`` as a strided one: sparse tensors hold only the numbers that are not 0."""
    return tensor if tensor.layout == torch.strided else tensor.to_dense()


@dataclass(frozen=True)
class Check:
    """The arithmetic by hand compared with torch: the largest difference over ``cells`` cells.

    ``fine`` says that rounding explains it. ``beyond`` counts the cells whose value overflows their dtype: torch
    has inf or nan there, which is right, and they are not part of the difference.
    """

    difference: float
    cells: int
    fine: bool
    beyond: int = 0


@dataclass(frozen=True)
class Step:
    """One stop on the timeline. ``operation`` and ``node`` point into the record, where the step has them."""

    number: int
    phase: str
    operation: int | None = None
    node: int | None = None


@dataclass(frozen=True)
class Walk:
    """A training step that was taken. ``record`` saw its forward and backward pass.

    ``before`` and ``after`` are the parameters around the optimizer's step, ``state`` the optimizer's state
    before it. ``loss`` and ``loss_after`` are the same loss of the same input with the same random numbers (dropout
    drops the same units), before and after the step; None where the backward pass started from a gradient instead.
    ``output_after`` is the network's output afterwards.
    """

    setup: Setup
    record: Record
    steps: tuple[Step, ...]
    before: dict[str, Tensor]
    after: dict[str, Tensor]
    state: dict[str, dict[str, Tensor]]
    loss: float | None
    loss_after: float | None
    output_after: Tensor
    checks: dict[tuple[str, int], Check | None] = field(default_factory=dict, compare=False, repr=False)


def take(setup: Setup) -> Walk:
    """Run ``zero_grad``, forward, loss, backward and the optimizer's step, and the forward pass once more.

    No other forward pass runs, so that what a module counts (batch norm) or keeps is what these steps make of it.
    Raises ``InvalidSetting`` when the network cannot be walked, with torch's own message where torch refused it.
    """
    if setup.own is None:
        return _take(setup)
    with keep_switches(setup.own.switches), uncompiled():
        return _take(setup)


def _take(setup: Setup) -> Walk:
    choice, network = setup.choice, setup.network
    with refused("optimizer"):
        torch_optimizer = optimizer.make(choice.optimizer, network.parameters(), choice.lr)
        _refuse_left_out(network, torch_optimizer)
    for k in range(choice.steps_before):
        _plain_step(setup, torch_optimizer, k)
    with all_seeded(choice.seed):
        record = _recorded(setup)
    _refuse_unknown_parameters(network, torch_optimizer)
    return _with_update(setup, torch_optimizer, record, _steps_of(record))


def _with_update(
    setup: Setup, torch_optimizer: torch.optim.Optimizer, record: Record, steps: tuple[Step, ...]
) -> Walk:
    """Take the optimizer's step after the passes of ``record``, and run the forward pass once more."""
    choice, before = setup.choice, _parameters(setup)
    named = setup.network.named_parameters()
    state = {name: optimizer.state_of(torch_optimizer, parameter) for name, parameter in named}
    with refused("step"):
        optimizer.step(choice.optimizer, torch_optimizer)
    after = _parameters(setup)  # before the last forward pass, which may change them
    output_after, loss_after = _again(setup)
    loss = None if record.loss is None else record.values[record.loss].tensor.item()
    return Walk(setup, record, steps, before, after, state, loss, loss_after, output_after)


def differs_only_by_optimizer(walk: Walk, choice: Choice) -> bool:
    """Return whether the walk of ``choice`` equals ``walk`` up to the optimizer's step.

    Not after earlier steps, which depend on the optimizer, nor for a network that a forward pass may change.
    """
    setup = walk.setup
    same = replace(setup.choice, optimizer=choice.optimizer, lr=choice.lr) == choice
    return same and not choice.steps_before and setup.own is None and not list(setup.network.buffers())


def with_optimizer(walk: Walk, choice: Choice) -> Walk:
    """Return the walk of ``choice`` with the passes of ``walk``; needs ``differs_only_by_optimizer``."""
    network = copy.deepcopy(walk.setup.network)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(walk.before[name])
            grad = walk.record.grads[name]
            parameter.grad = None if grad is None else grad.clone()
    setup = replace(walk.setup, choice=choice, network=network)
    with refused("optimizer"):
        torch_optimizer = optimizer.make(choice.optimizer, network.parameters(), choice.lr)
    return replace(_with_update(setup, torch_optimizer, walk.record, walk.steps), checks=walk.checks)


def _left_out(network: nn.Module, torch_optimizer: torch.optim.Optimizer) -> str | None:
    """Return the name of a parameter that the optimizer does not know."""
    ids = {id(parameter) for group in torch_optimizer.param_groups for parameter in group["params"]}
    return next((name for name, parameter in network.named_parameters() if id(parameter) not in ids), None)


def _refuse_left_out(network: nn.Module, torch_optimizer: torch.optim.Optimizer) -> None:
    name = _left_out(network, torch_optimizer)
    if name is not None:
        raise InvalidSetting(
            N_("the network's own parameters() leaves {name} out, so the optimizer would never train it"), name=name
        )


def _refuse_unknown_parameters(network: nn.Module, torch_optimizer: torch.optim.Optimizer) -> None:
    """Refuse what the forward pass made a parameter of: the optimizer was made before, and leaves it as it is."""
    name = _left_out(network, torch_optimizer)
    if name is not None:
        raise InvalidSetting(
            N_(
                "forward creates a new nn.Parameter for {name}. The optimizer was made before and does not know"
                " it, so it would never be trained: make it in __init__, and change its numbers in place under"
                " torch.no_grad()"
            ),
            name=name,
        )


def _recorded(setup: Setup) -> Record:
    inputs = setup.fresh_inputs()
    with refused("forward"):
        if setup.choice.loss == "backward":
            record = trace.record(setup.network, *inputs, grad_output=setup.aim)
        else:
            record = trace.record(setup.network, *inputs, before_loss=setup.aim, loss=partial(_loss, setup))
    setup.output_path = record.output_path
    pairs = zip(inputs, setup.inputs, strict=True)
    setup.changes_input = any(version(x) > 0 or not torch.equal(x, original) for x, original in pairs)
    return record


def _loss(setup: Setup, output: Tensor) -> Tensor:
    with refused("loss"):
        return setup.loss(output)


def _plain_step(setup: Setup, torch_optimizer: torch.optim.Optimizer, k: int) -> None:
    with all_seeded(setup.choice.seed + 1000 + k):
        torch_optimizer.zero_grad()
        with refused("forward"):
            output = pick(setup.network(*setup.fresh_inputs())).tensor
        aim = setup.aim(output)
        result = output if setup.choice.loss == "backward" else _loss(setup, output)
        with refused("backward"):
            result.backward(aim if setup.choice.loss == "backward" else None)
    with refused("step"):
        optimizer.step(setup.choice.optimizer, torch_optimizer)


def _again(setup: Setup) -> tuple[Tensor, float | None]:
    """Run the forward pass once more; with the graph, as before: a network may ask for gradients in its forward."""
    with all_seeded(setup.choice.seed):
        with refused("after"):
            output = pick(setup.network(*setup.fresh_inputs())).tensor
        loss = None if setup.choice.loss == "backward" else _loss(setup, output).item()
    return output.detach(), loss


def _parameters(setup: Setup) -> dict[str, Tensor]:
    return {name: parameter.detach().clone() for name, parameter in setup.network.named_parameters()}


def _steps_of(record: Record) -> tuple[Step, ...]:
    stops: list[tuple[str, int | None, int | None]] = [("zero_grad", None, None)]
    stops += [(operation.phase, operation.index, None) for operation in record.operations]
    stops += [("backward", node.operation, node.order) for node in record.backward]
    stops += [("step", None, None), ("after", None, None)]
    return tuple(Step(i, *stop) for i, stop in enumerate(stops))


def check(walk: Walk, step: Step) -> Check | None:
    """Compare the arithmetic by hand with torch at ``step``; None where nothing is written out.

    An operation is compared once: all its nodes of the backward pass show the same result.
    """
    if step.phase == "step":
        return _check_update(walk)
    node = None if step.node is None else walk.record.backward[step.node]
    if node is not None and node.after is not None:
        return check_backward(walk.record, node)
    if step.operation is None:
        return None
    key = ("forward" if node is None else "backward", step.operation)
    if key not in walk.checks:
        operation = walk.record.operations[step.operation]
        walk.checks[key] = (
            check_forward(walk.record, operation) if node is None else check_backward(walk.record, node)
        )
    return walk.checks[key]


def is_written(call: Call) -> bool:
    """Return whether the arithmetic by hand covers ``call``: real numbers in dense tensors only."""
    return all(t.layout == torch.strided and not t.is_complex() for t in (*call.tensors.values(), call.output))


def is_large(call: Call) -> bool:
    """Return whether a whole tensor by hand takes so many products that only some of its cells are compared."""
    return products(call) > MOST_BY_HAND


def products(call: Call) -> int:
    """Return about how many products the output takes: its cells, times the weights that each one meets."""
    weight = call.tensors.get("weight")
    return call.output.numel() * (1 if weight is None else math.prod(weight.shape[1:]))


def parts_of(record: Record, operation: Operation) -> list[Call]:
    """Return the operation's call, once for each output that its definition knows."""
    return explain.parts(operation.call, [record.values[number].tensor for number in operation.outputs])


def check_forward(record: Record, operation: Operation) -> Check | None:
    """Compare an operation's whole output with the arithmetic by hand, or all its outputs."""
    return _check([_compared(call) for call in parts_of(record, operation) if is_written(call)])


def _compared(call: Call) -> Verdict | None:
    hand = None if is_large(call) else explain.whole(call)
    if hand is not None:
        return precision.compare_whole(hand, call.output, *call.tensors.values())
    explanations = [explain.value(call, index) for index in some_cells(call.output)]
    return _cells(explanations, list(call.tensors.values()), call.output)


def check_backward(record: Record, node: BackwardNode) -> Check | None:
    """Compare the gradients that a node's operation sent with the arithmetic by hand.

    A leaf's node adds: .grad afterwards against .grad before plus what arrived.
    """
    if node.after is not None:
        return _check_leaf(node)
    if node.operation is None or not is_written(record.operations[node.operation].call):
        return None
    operation = record.operations[node.operation]
    calls, grad_outputs = parts_of(record, operation), grad_outputs_of(record, operation)
    arrived = [each for each in grad_outputs[: len(calls)] if each is not None]
    if not arrived:
        return None
    verdicts: list[Verdict | None] = []
    for name, _ in operation.inputs:
        grad = record.contributions.get((operation.index, name))
        if grad is not None and _real(grad, *arrived):
            tensors, output = [*arrived, *operation.call.tensors.values()], operation.call.output
            hand = None if is_large(operation.call) else explain.whole_gradient_of_parts(calls, name, grad_outputs)
            if hand is not None:
                verdicts.append(precision.compare_whole(hand, grad, *tensors, output=output))
            else:
                explanations = [
                    explain.gradient_of_parts(calls, name, grad_outputs, grad, i) for i in some_cells(grad)
                ]
                verdicts.append(_cells(explanations, tensors, grad, output))
    return _check(verdicts)


def _check_leaf(node: BackwardNode) -> Check | None:
    arrived, after = node.grad_outputs[0], node.after
    if arrived is None or after is None or not _real(node.before, arrived, after):
        return None
    arrived, after = _sample(arrived), _sample(after)
    before = None if node.before is None else _sample(node.before)
    gradients = [arrived] if before is None else [arrived, before]
    old = np.zeros(()) if before is None else array(before)
    new = array(arrived)
    return _check([precision.compare_whole(Hand(old + new, np.abs(old) + np.abs(new), 2), after, *gradients)])


def _sample(tensor: Tensor, most: int = 100_000) -> Tensor:
    """Return at most ``most`` numbers of ``tensor``, evenly over it, as a vector."""
    return tensor.flatten()[:: max(1, -(-tensor.numel() // most))]


def _real(*tensors: Tensor | None) -> bool:
    return all(t is None or (t.layout == torch.strided and not t.is_complex()) for t in tensors)


def some_cells(tensor: Tensor, most: int = 12) -> list[tuple[int, ...]]:
    """Return up to ``most`` cells, evenly over the tensor, for what is written out cell by cell only."""
    places = range(0, tensor.numel(), max(1, -(-tensor.numel() // most)))
    return [cell(place, tensor.shape) for place in places]


def _cells(explanations: list[Explanation | None], tensors: Sequence[Tensor], *results: Tensor) -> Verdict | None:
    available = [explanation for explanation in explanations if explanation is not None]
    return (
        precision.compare_cells(available, precision.coarsest([*tensors, *results]), tensors) if available else None
    )


def grad_outputs_of(record: Record, operation: Operation) -> list[Tensor | None]:
    """Return the gradient that arrived at each output; None where none did."""
    return [record.gradients.get(number) for number in operation.outputs]


def _check(verdicts: Sequence[Verdict | None]) -> Check | None:
    available = [verdict for verdict in verdicts if verdict is not None]
    if not available:
        return None
    apart = [verdict.apart[~verdict.beyond] for verdict in available]
    return Check(
        float(np.max([np.max(numbers, initial=0.0) for numbers in apart])),
        sum(verdict.apart.size for verdict in available),
        all(bool(verdict.fine.all()) for verdict in available),
        sum(int(verdict.beyond.sum()) for verdict in available),
    )


def _check_update(walk: Walk) -> Check | None:
    """Compare a few weights of every parameter: all of them would take Python too long."""
    verdicts = []
    for name, before in walk.before.items():
        if before.is_complex():
            continue
        places = range(0, before.numel(), max(1, before.numel() // 10))
        updates = [weight(walk, name, cell(place, before.shape)) for place in places]
        available = [update for update in updates if update is not None]
        if available:
            columns = [(update.after, update.torch_after, update.scale) for update in available]
            hand, other, scale = np.array(columns, dtype=np.float64).T
            verdicts.append(precision.compare(hand, other, scale, optimizer.ROUNDINGS, before.dtype))
    return _check(verdicts)


def weight(walk: Walk, parameter: str, index: tuple[int, ...]) -> optimizer.Update | None:
    """Open one weight's step; None for a parameter that no gradient reached. Raises ``InvalidSetting``."""
    if parameter not in walk.before:
        raise InvalidSetting(N_("there is no parameter {name!r}"), name=parameter)
    before, grad = walk.before[parameter], walk.record.grads[parameter]
    if before.is_complex():
        raise InvalidSetting(N_("the step of a complex weight is not written out here"))
    if len(index) != before.dim() or any(not 0 <= i < size for i, size in zip(index, before.shape, strict=True)):
        raise InvalidSetting(
            N_("{index} is not a cell of a tensor of shape {shape}"), index=index, shape=tuple(before.shape)
        )
    if grad is None:
        return None
    state = {name: dense(value) for name, value in walk.state[parameter].items()}
    choice, after = walk.setup.choice, walk.after[parameter]
    return optimizer.update(choice.optimizer, choice.lr, before, dense(grad), state, after, index)
