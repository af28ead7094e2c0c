"""Whatever a module does, its record is what torch does with it, and the parts of every gradient add up to it."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from core import trace
from core.trace.outputs import pick
from tests.foreign import MODULES
from tests.tracing import dense, independent, lost, parts_add_up

NESTED = ("inner gradient", "gradient penalty")  # a gradient of a gradient
VIEWS = ("views changed in place",)  # a part came back through a view: torch leads it past the tensor's own uses


def make(name: str) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    build, shape = MODULES[name]
    return build(), torch.randn(shape)


@pytest.mark.parametrize("name", MODULES)
def test_output_loss_and_every_gradient_are_those_of_an_independent_run(name: str) -> None:
    network, x = make(name)
    output, loss, grads, x_grad = independent(make(name)[0], x.clone().requires_grad_())
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
    if name not in (*NESTED, *VIEWS):  # a part came back through nothing that was recorded
        parts_add_up(record, but_for_hooks=name == "hooked")


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
            dense(again), dense(record.values[operation.outputs[0]].tensor), equal_nan=True, msg=operation.name
        )
