"""Whatever a module does, its record is what torch does with it, and the parts of every gradient add up to it."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from core import trace
from core.trace.outputs import pick
from core.trace.trace_record import Record
from tests.foreign import MODULES

NESTED = ("inner gradient", "gradient penalty")  # a gradient of a gradient


def lost(output: Tensor) -> Tensor:
    return output.float().sin().square().mean()


def independent(network: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, dict[str, Tensor | None], Tensor | None]:
    """Run the same step without this project: output, loss, every parameter's gradient, the input's."""
    torch.manual_seed(5)
    output = pick(network(x)).tensor
    loss = lost(output)
    loss.backward()
    grads = {name: parameter.grad for name, parameter in network.named_parameters()}
    return output.detach(), loss.detach(), grads, x.grad


def make(name: str) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    build, shape = MODULES[name]
    return build(), torch.randn(shape)


def dense(tensor: Tensor) -> Tensor:
    return tensor.to_dense() if tensor.layout != torch.strided else tensor


@pytest.mark.parametrize("name", MODULES)
def test_output_loss_and_every_gradient_are_those_of_an_independent_run(name: str) -> None:
    network, x = make(name)
    output, loss, grads, x_grad = independent(copy.deepcopy(network), x.clone().requires_grad_())
    torch.manual_seed(5)
    record = trace.record(network, x.requires_grad_(), loss=lost)
    assert torch.equal(record.values[record.output].tensor, output)
    assert torch.equal(record.values[record.loss].tensor, loss)
    for parameter, grad in grads.items():
        recorded = record.grads[parameter]
        assert (grad is None) == (recorded is None), parameter
        gradient = record.gradients.get(record.parameters[parameter])
        assert (gradient is None) == (grad is None), parameter
        if grad is not None:
            assert torch.equal(dense(recorded), dense(grad)), parameter
            assert torch.equal(dense(gradient), dense(grad)), parameter
    if x_grad is not None:
        assert torch.equal(record.gradients[0], x_grad)
    if name not in NESTED:  # a part came back through nothing that was recorded
        parts_add_up(record, but_for_hooks=name == "hooked")


def parts_add_up(record: Record, but_for_hooks: bool = False) -> None:
    """Where all the uses of a value were seen, what came back through each is its gradient."""
    for number, uses in record.uses.items():
        keys = [(op.index, argument) for op, argument in uses if (op.index, argument) in record.contributions]
        if not keys or record.values[number].name.startswith("reentrant"):
            continue
        total = sum(dense(record.contributions[key]) for key in keys)
        gradient = dense(record.gradients[number]) * (0.5 if but_for_hooks and len(keys) == 2 else 1)
        torch.testing.assert_close(total, gradient, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", MODULES)
def test_every_operation_runs_again_to_the_same_numbers(name: str) -> None:
    network, x = make(name)
    network.eval()  # nothing is drawn
    record = trace.record(network, x)
    for operation in record.operations:
        if operation.again is None or name in ("autocast", *NESTED) or operation.name in ("batch_norm",):
            continue
        inputs = [record.values[number].tensor for _, number in operation.inputs]
        again = pick(operation.again(*inputs)).tensor
        torch.testing.assert_close(
            dense(again), dense(record.values[operation.outputs[0]].tensor), msg=operation.name
        )
