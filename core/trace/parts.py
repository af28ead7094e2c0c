"""Which part of a gradient came back through which argument, also where one tensor is given twice: ``y * y``."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, Node

from core.rng import own_generator
from core.trace.backward import Listener
from core.trace.forward import Recorder
from core.trace.torch_internals import tree_leaves
from core.trace.trace_record import Operation

Parts = dict[str, Tensor]


def contributions(
    recorder: Recorder, listener: Listener, gradients: Mapping[int, Tensor]
) -> dict[tuple[int, str], Tensor]:
    """Return the part of each input's gradient that came through one argument of one operation."""
    nodes: dict[int, list[Node]] = {}
    for node, owner in recorder.owner.items():
        nodes.setdefault(owner, []).append(node)
    edges: dict[int, dict[tuple[Node, int], list[str]]] = {}
    for (index, name), edge in recorder.edges.items():
        edges.setdefault(index, {}).setdefault((edge.node, edge.output_nr), []).append(name)
    parts = {}
    inside = _entered_inside(recorder)
    for index, shared in edges.items():
        operation, rng_state = recorder.operations[index], recorder.rng_states.get(index)
        for (node, slot), names in shared.items():
            grads = listener.sent_along(nodes.get(index, []), GradientEdge(node, slot))
            own = (
                _with_separate_tensors(operation, names, gradients, rng_state)
                if index in inside and grads
                else None
            )
            for name, part in (own or _divided(operation, names, grads, gradients, rng_state)).items():
                parts[index, name] = part
    return parts


def _entered_inside(recorder: Recorder) -> set[int]:
    """Return the operations of which a gradient of a gradient uses what they saved: not all that their nodes send
    is a part of their own.

    ``torch.autograd.grad`` with ``create_graph`` makes nodes that lead into the middle of another operation's.
    """
    arrivals = {(edge.node, edge.output_nr) for edge in recorder.arrivals.values()}
    return {
        recorder.owner[following]
        for node, index in recorder.owner.items()
        if recorder.operations[index].name == "grad"
        for following, slot in node.next_functions
        if following in recorder.owner and recorder.owner[following] != index and (following, slot) not in arrivals
    }


def _divided(
    operation: Operation,
    names: list[str],
    grads: list[Tensor],
    gradients: Mapping[int, Tensor],
    random_state: Tensor | None,
) -> Parts:
    """Divide what was sent along one edge among the arguments ``names`` that share it.

    torch adds the parts up without saying which was whose, so the operation's own backward runs once more with
    separate tensors; where that is not the same sum, the parts stay in the order in which they were sent.
    """
    if not grads:
        return {}
    total = (
        grads[0] if len(grads) == 1 else torch.stack(grads).sum(0) if _dense(grads) else sum(grads[1:], grads[0])
    )
    if len(names) == 1:
        return {names[0]: total}
    apart = None if random_state is None else _with_separate_tensors(operation, names, gradients, random_state)
    if apart and torch.allclose(sum(apart.values(), torch.zeros_like(total)), total, rtol=1e-3, atol=1e-5):
        return apart
    return dict(zip(names, grads, strict=True)) if len(grads) == len(names) else {names[0]: total}


def _dense(tensors: list[Tensor]) -> bool:
    return all(tensor.layout == torch.strided for tensor in tensors)


def _with_separate_tensors(
    operation: Operation, names: list[str], gradients: Mapping[int, Tensor], random_state: Tensor | None
) -> Parts | None:
    if operation.again is None:
        return None
    try:
        with own_generator(), torch.enable_grad():
            if random_state is not None:
                torch.set_rng_state(random_state)
            return _backward_of(operation, names, gradients)
    except RuntimeError:  # autocast, or a call that needs what is gone by now
        return None


def _backward_of(operation: Operation, names: list[str], gradients: Mapping[int, Tensor]) -> Parts:
    assert operation.again is not None
    arguments = [operation.call.tensors[name].clone() for name, _ in operation.inputs]
    leaves = [arguments[i].requires_grad_() for i, (name, _) in enumerate(operation.inputs) if name in names]
    returned = operation.again(*arguments)
    outputs = [item for item in tree_leaves(returned) if isinstance(item, Tensor)]
    pairs = [
        (output, gradients[number])
        for output, number in zip(outputs, operation.outputs, strict=False)
        if output.requires_grad and number in gradients
    ]
    grads = torch.autograd.grad(
        [output for output, _ in pairs], leaves, [grad for _, grad in pairs], allow_unused=True
    )
    return {name: grad for name, grad in zip(names, grads, strict=True) if grad is not None}
