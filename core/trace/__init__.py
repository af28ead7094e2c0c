"""A module and an input -> the ordered record of its forward and its backward pass.

No symbolic tracing: the network runs as it always does, loops, ``view`` and reused layers included, and is
watched. ``record`` is the only door; ``core.trace.records`` says what comes out.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from core import autograd_graph
from core.errors import N_, Refusal
from core.trace.backward import Listener
from core.trace.forward import Recorder, run
from core.trace.records import Record

__all__ = ["Record", "record"]

Loss = Callable[[Tensor], Tensor]


def record(
    network: nn.Module,
    *inputs: Tensor,
    loss: Loss | None = None,
    grad_output: Tensor | None = None,
    zero_grad: bool = True,
) -> Record:
    """Run ``network(*inputs)`` and, when asked, its backward pass, and record both.

    With ``loss`` the backward starts from ``loss(output)``, a tensor of one element; with ``grad_output``
    it is ``output.backward(grad_output)``; with neither there is none. An input's gradient is recorded when the
    input requires one. The parameters' ``.grad`` are set to None first unless ``zero_grad`` is False, and hold
    the gradients afterwards, as after any backward pass.
    """
    if zero_grad:
        network.zero_grad(set_to_none=True)
    recorder = Recorder(network)
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    for i, tensor in enumerate(inputs):
        name = "input" if len(inputs) == 1 else f"input{i}"
        recorder.value_of(tensor, "input", name)
        names[id(tensor)] = name
    with recorder:
        with recorder.modules(network):
            output = run(network, *inputs)
        _refuse_unless_tensor(output)
        recorder.phase = "loss"
        result = output if loss is None else run(loss, output)
    listener, graph = Listener(None), autograd_graph.build(result, names)
    if loss is not None or grad_output is not None:
        listener = _backward(result, grad_output)
    return Record(
        values=tuple(recorder.values),
        operations=tuple(recorder.operations),
        output=recorder.value_of(output),
        loss=None if loss is None else recorder.value_of(result),
        backward=listener.nodes(recorder.owner, names),
        gradients=_gradients(recorder, listener, names),
        contributions=_contributions(recorder, listener),
        parameters={name: recorder.value_of(parameter) for name, parameter in network.named_parameters()},
        grads={name: _copy(parameter.grad) for name, parameter in network.named_parameters()},
        graph=graph,
    )


def _refuse_unless_tensor(output: object) -> None:
    if not isinstance(output, Tensor):
        raise Refusal(N_("the network returned {kind}, not one tensor"), kind=type(output).__name__)


def _backward(result: Tensor, grad_output: Tensor | None) -> Listener:
    if not result.requires_grad:
        raise Refusal(N_("nothing in this network requires a gradient, so there is no backward pass"))
    listener = Listener(result.grad_fn)
    try:
        result.backward(grad_output)  # type: ignore[no-untyped-call]
    finally:
        listener.remove()
    return listener


def _gradients(recorder: Recorder, listener: Listener, names: dict[int, str]) -> dict[int, Tensor]:
    """Add the leaves' gradients of this backward pass to those of the results, which hooks have seen."""
    leaves = {value.name: value.id for value in recorder.values if value.name}
    gradients = dict(recorder.gradients)
    for node, received in listener.received.items():
        leaf = getattr(node, "variable", None)
        if leaf is not None and received[0] is not None and names.get(id(leaf)) in leaves:
            gradients[leaves[names[id(leaf)]]] = received[0]
    return gradients


def _contributions(recorder: Recorder, listener: Listener) -> dict[tuple[int, str], Tensor]:
    found = {}
    for (index, name), edge in recorder.edges.items():
        nodes = [node for node, owner in recorder.owner.items() if owner == index]
        grad = listener.contribution(nodes, edge)
        if grad is not None:
            found[index, name] = grad
    return found


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.detach().clone()
