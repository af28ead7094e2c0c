"""A module and an input -> the ordered record of its forward and its backward pass.

No symbolic tracing: the network runs as it always does, loops, ``view`` and reused layers included, and is
watched. ``record`` is the only door; ``core.trace.trace_record`` says what comes out.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from core.errors import N_, InvalidSetting
from core.trace import autograd_graph, parts
from core.trace.backward import Listener
from core.trace.forward import Recorder, run
from core.trace.outputs import pick, tensors_of
from core.trace.torch_internals import edge_of
from core.trace.trace_record import Operation, Record

__all__ = ["BackwardFailure", "Record", "record"]

Loss = Callable[[Tensor], Tensor]


class BackwardFailure(Exception):
    """A backward pass that torch broke off, ``__cause__`` being torch's own error.

    ``operation`` is the one whose backward was running, ``changed`` the one that changed one of its tensors in
    place after it, where there is one.
    """

    def __init__(self, operation: Operation | None, changed: Operation | None) -> None:
        super().__init__("the backward pass failed")
        self.operation = operation
        self.changed = changed


def record(
    network: nn.Module,
    *inputs: Tensor,
    loss: Loss | None = None,
    before_loss: Loss | None = None,
    grad_output: Tensor | Loss | None = None,
    zero_grad: bool = True,
) -> Record:
    """Run ``network(*inputs)`` and, when asked, its backward pass, and record both.

    With ``loss`` the backward starts from ``loss(output)``, a tensor of one element, and ``before_loss(output)``
    may make a target of its shape before that, unwatched; with ``grad_output``, a tensor or a function of the
    output, it is ``output.backward(grad_output)``; with neither there is none. Where
    the network returns several tensors, ``output`` is the first that asks for a gradient. An input's gradient is
    recorded when the input requires one. The parameters' ``.grad`` are set to None first unless ``zero_grad`` is
    False, and hold the gradients afterwards, as after any backward pass.

    Raises ``InvalidSetting``, ``BackwardFailure``, and whatever the network raises.
    """
    if zero_grad:
        network.zero_grad(set_to_none=True)
    recorder = Recorder(network)
    for i, tensor in enumerate(inputs):
        recorder.value_of(tensor, "input", "input" if len(inputs) == 1 else f"input{i}")
    with recorder, recorder.modules(network):
        returned = run(network, *inputs)
    selection = pick(returned)
    output = recorder.value_of(selection.tensor)
    if before_loss is not None:
        before_loss(selection.tensor)
    result = selection.tensor if loss is None else _lost(recorder, loss, selection.tensor)
    final = recorder.value_of(result)
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    names |= {id(tensor): recorder.values[i].name for i, tensor in enumerate(inputs)}
    listener, graph = Listener(None), autograd_graph.build(result, names)
    if loss is not None or grad_output is not None:
        seed = grad_output(selection.tensor) if callable(grad_output) else grad_output
        listener = _backward(recorder, result, seed, [*network.parameters(), *inputs])
    gradients = _gradients(recorder, listener)
    numbers = {name: recorder.value_of(parameter) for name, parameter in network.named_parameters()}
    return Record(
        values=tuple(recorder.values),  # after every number above was given
        operations=tuple(recorder.operations),
        output=output,
        loss=None if loss is None else final,
        backward=listener.nodes(recorder.owner, names, _leaves(recorder)),
        gradients=gradients,
        contributions=parts.contributions(recorder, listener, gradients),
        parameters=numbers,
        grads={name: _copy(parameter.grad) for name, parameter in network.named_parameters()},
        graph=graph,
        output_path=selection.path,
        outputs=len(list(tensors_of(returned))),
        rng_states=recorder.rng_states,
        changed_from=recorder.changed_from,
        written_over=recorder.written_over,
    )


def _lost(recorder: Recorder, loss: Loss, output: Tensor) -> Tensor:
    recorder.phase = "loss"
    with recorder:
        result: Tensor = run(loss, output)
    return result


def _backward(recorder: Recorder, result: Tensor, grad_output: Tensor | None, leaves: list[Tensor]) -> Listener:
    if not result.requires_grad:
        raise InvalidSetting(
            N_(
                "nothing in this network requires a gradient, so there is no backward pass: .detach(), .numpy(),"
                " argmax and no_grad cut the output off, or requires_grad is False everywhere"
            )
        )
    edges = [edge_of(leaf) for leaf in leaves]
    listener = Listener(result.grad_fn, [edge.node for edge in edges if edge is not None])
    try:
        result.backward(grad_output)
    except InvalidSetting:
        raise
    except Exception as error:
        node = listener.unfinished()
        index = None if node is None else recorder.owner.get(node)
        failed = None if index is None else recorder.operations[index]
        raise BackwardFailure(failed, _changed_after(recorder.operations, failed)) from error
    finally:
        listener.remove()
    return listener


def _changed_after(operations: list[Operation], failed: Operation | None) -> Operation | None:
    """Return the first operation that wrote into a tensor which ``failed``, made earlier, read or returned."""
    if failed is None:
        return None
    numbers_in_use = {*failed.outputs, *(number for _, number in failed.inputs)}
    later = operations[failed.index + 1 :]
    return next((op for op in later if op.inplace and op.inputs and op.inputs[0][1] in numbers_in_use), None)


def _gradients(recorder: Recorder, listener: Listener) -> dict[int, Tensor]:
    """Return ∂L/∂value where one arrived: what the node behind a value received, after the hooks of its tensor."""
    arrived = {number: listener.arrived(edge) for number, edge in recorder.arrivals.items()}
    return {number: grad for number, grad in arrived.items() if grad is not None}


def _leaves(recorder: Recorder) -> dict[int, int]:
    """Return the number of the first value of each leaf tensor, by the tensor's identity."""
    numbers: dict[int, int] = {}
    for number, tensor in enumerate(recorder.tensors):
        if tensor.is_leaf:
            numbers.setdefault(id(tensor), number)
    return numbers


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.detach().clone()
