"""The record of a forward and a backward pass is complete and true, for every network of the lessons."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core import trace
from core.errors import InvalidSetting
from core.networks import registry, tutorials
from core.trace import source
from core.trace.trace_record import Record

NETWORKS = {
    "lenet5": (lambda: registry.build("lenet5", seed=1), (1, 1, 32, 32)),
    "lenet3": (lambda: registry.build("lenet3", seed=1), (2, 1, 32, 32)),
    "mnist": (lambda: registry.build("mnist", seed=1), (1, 1, 28, 28)),
    "mnist in eval mode": (lambda: registry.build("mnist", seed=1).eval(), (1, 1, 28, 28)),
    "two layers": (tutorials.TwoLayerNet, (4, 1000)),
    "linear fit": (tutorials.LinearFit, (4, 3)),
}


def recorded(name: str) -> tuple[nn.Module, Tensor, Record]:
    torch.manual_seed(0)
    build, shape = NETWORKS[name]
    network, x = build(), torch.randn(shape, requires_grad=True)
    torch.manual_seed(1)
    return network, x, trace.record(network, x, loss=lambda output: output.square().mean())


@pytest.mark.parametrize("name", NETWORKS)
def test_running_the_recorded_operations_again_gives_the_recorded_values(name: str) -> None:
    _, _, record = recorded(name)
    for operation in record.operations:
        inputs = [record.values[number].tensor for _, number in operation.inputs]
        output = record.values[operation.outputs[0]].tensor
        if "mask" in operation.call.saved and operation.call.options["training"]:
            again = inputs[0] * operation.call.saved["mask"] / (1 - operation.call.options["p"])
            torch.testing.assert_close(again, output)
        else:
            assert torch.equal(operation.again(*inputs), output), operation.name


@pytest.mark.parametrize("name", NETWORKS)
def test_the_recorded_output_and_gradients_are_torchs(name: str) -> None:
    network, x, record = recorded(name)
    torch.manual_seed(1)
    output = network(x)
    assert torch.equal(record.values[record.output].tensor, output)
    parameters = dict(network.named_parameters())
    grads = torch.autograd.grad(output.square().mean(), [*parameters.values(), x])
    for parameter, grad in zip(parameters, grads, strict=False):
        assert torch.equal(record.grads[parameter], grad)
        assert torch.equal(record.gradients[record.parameters[parameter]], grad)
    assert torch.equal(record.gradients[0], grads[-1])


@pytest.mark.parametrize("name", NETWORKS)
def test_every_result_that_needs_a_gradient_has_one_and_every_node_ran(name: str) -> None:
    _, _, record = recorded(name)
    for value in record.values:
        assert value.requires_grad == (value.id in record.gradients)
    assert len({node.id for node in record.backward}) == len(record.backward)
    for node in record.backward:
        assert (node.operation is None) == (node.name == "AccumulateGrad")
    last_of = {node.id: node.order for node in record.backward}
    for node in record.backward:
        assert all(last_of[following] > node.order for following in node.next if following is not None)


def test_the_operations_of_lenet_come_in_order_with_module_and_expression() -> None:
    _, _, record = recorded("lenet5")
    forward = [op for op in record.operations if op.phase == "forward"]
    names = "conv2d relu max_pool2d conv2d relu max_pool2d view linear relu linear relu linear"
    assert [op.name for op in forward] == names.split()
    assert [op.module for op in forward if op.module] == ["conv1", "conv2", "fc1", "fc2", "fc3"]
    relu = forward[1].source
    assert relu is not None and relu.function == "forward"
    with open(relu.file, encoding="utf-8") as file:  # noqa: PTH123
        line = file.readlines()[relu.line - 1]
    assert line[relu.column : relu.end_column] == "F.relu(self.conv1(x))"
    assert forward[6].call.options == {"shape": (-1, 400)}


def test_the_backward_runs_from_the_loss_to_the_first_convolution() -> None:
    torch.manual_seed(0)
    target = torch.randn(1, 10)
    network = registry.build("lenet5", seed=1)
    record = trace.record(network, torch.randn(1, 1, 32, 32), loss=lambda output: F.mse_loss(output, target))
    assert [node.name for node in record.backward[:6]] == [
        "MseLossBackward0",
        "AddmmBackward0",
        "AccumulateGrad",
        "TBackward0",
        "AccumulateGrad",
        "ReluBackward0",
    ]
    assert record.backward[-1].parameter in ("conv1.weight", "conv1.bias")
    assert record.contributions[0, "weight"].shape == (6, 1, 5, 5)
    assert (0, "input") not in record.contributions  # the image asks for no gradient


def test_accumulate_grad_shows_the_gradient_before_and_after() -> None:
    network, x = nn.Linear(3, 2), torch.randn(4, 3)
    trace.record(network, x, loss=lambda y: y.sum())
    record = trace.record(network, x, loss=lambda y: y.sum(), zero_grad=False)
    node = next(node for node in record.backward if node.parameter == "bias")
    assert node.before.tolist() == [4, 4] and node.after.tolist() == [8, 8]
    assert node.grad_outputs[0].tolist() == [4, 4]
    assert record.gradients[record.parameters["bias"]].tolist() == [4, 4]


class Strange(nn.Module):
    """A loop over one reused layer, in-place operations, a list, indexing, and operators."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = self.layer(x)
            x.relu_()
        x = torch.cat([x, 2 * x], dim=1) + 1
        x[:, 0] = 5.0
        return x[:, 1:] @ torch.ones(7, 2)


def test_loops_reused_layers_and_in_place_operations_are_recorded_as_they_ran() -> None:
    torch.manual_seed(0)
    network, x = Strange(), torch.randn(2, 4)
    record = trace.record(network, x, loss=lambda y: y.sum())
    names = [op.name for op in record.operations]
    assert names == ["linear", "relu"] * 3 + ["mul", "cat", "add", "setitem", "getitem", "ones", "matmul", "sum"]
    assert all(op.inplace == (op.name in ("relu", "setitem")) for op in record.operations)
    for op in record.operations:
        inputs = [record.values[number].tensor for _, number in op.inputs]
        assert torch.equal(op.again(*inputs), record.values[op.outputs[0]].tensor)
    grads = torch.autograd.grad(network(x).sum(), list(network.parameters()))
    assert all(torch.equal(a, b) for a, b in zip(record.grads.values(), grads, strict=True))
    parts = [record.contributions[index, "weight"] for index in (0, 2, 4)]
    torch.testing.assert_close(sum(parts), grads[0])


def test_the_mask_of_a_dropout_and_the_winners_of_a_pooling_are_saved() -> None:
    _, _, record = recorded("mnist")
    dropout2d, dropout = (op for op in record.operations if "dropout" in op.name)
    mask = dropout2d.call.saved["mask"]
    assert torch.equal(mask, mask[:, :, :1, :1].expand_as(mask))  # whole channels
    assert 0 < dropout.call.saved["mask"].sum() < 50
    pool = next(op for op in record.operations if op.name == "max_pool2d")
    winners = pool.call.tensors["input"].flatten(2).gather(2, pool.call.saved["indices"].flatten(2))
    assert torch.equal(winners.view_as(pool.call.output), pool.call.output)


def hooks(network: nn.Module) -> list[tuple[str, list[object]]]:
    """Every hook of every kind in every module of ``network``."""
    return [
        (name, list(attribute))
        for module in network.modules()
        for name, attribute in vars(module).items()
        if "hooks" in name and isinstance(attribute, dict)
    ]


def test_recording_changes_neither_the_result_nor_the_hooks_nor_the_random_numbers() -> None:
    network, x = registry.build("mnist", seed=1), torch.randn(1, 1, 28, 28)
    before = hooks(network)
    torch.manual_seed(3)
    expected, after = network(x), torch.rand(1)
    torch.manual_seed(3)
    record = trace.record(network, x)
    assert torch.equal(record.values[record.output].tensor, expected)
    assert torch.equal(torch.rand(1), after)
    assert before and hooks(network) == before
    assert record.backward == () and record.loss is None


def test_a_sequential_has_modules_but_no_line_of_its_own() -> None:
    record = trace.record(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten()), torch.randn(1, 1, 5, 5))
    assert [(op.name, op.module) for op in record.operations] == [("conv2d", "0"), ("relu", "1"), ("flatten", "2")]
    assert all(op.source is None for op in record.operations)


def test_backward_can_start_from_a_random_gradient_of_the_output() -> None:
    network, x, seed = registry.build("lenet5", seed=1), torch.randn(1, 1, 32, 32), torch.randn(1, 10)
    record = trace.record(network, x, grad_output=seed)
    assert record.loss is None
    assert torch.equal(record.backward[0].grad_outputs[0], seed)
    grads = torch.autograd.grad(network(x), list(network.parameters()), seed)
    assert all(torch.equal(a, b) for a, b in zip(record.grads.values(), grads, strict=True))


def test_a_network_that_cannot_be_walked_is_refused_in_a_sentence() -> None:
    class Nothing(nn.Module):
        def forward(self, x: Tensor) -> None:
            x + 1

    with pytest.raises(InvalidSetting, match="returned None"):
        trace.record(Nothing(), torch.randn(3, 2))
    frozen = nn.Linear(2, 1).requires_grad_(False)
    with pytest.raises(InvalidSetting, match="requires a gradient"):
        trace.record(frozen, torch.randn(1, 2), loss=lambda y: y.sum())


def test_of_several_tensors_the_first_that_asks_for_a_gradient_is_used() -> None:
    record = trace.record(nn.LSTM(2, 2), torch.randn(3, 2), loss=lambda y: y.sum())
    assert (record.output_path, record.outputs) == ("[0]", 3)


def test_a_backward_that_breaks_off_says_which_operation_and_what_was_changed() -> None:
    class ChangedNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Linear(4, 4)

        def forward(self, x: Tensor) -> Tensor:
            h = torch.sigmoid(self.a(x))
            h += 1
            return h

    with pytest.raises(trace.BackwardFailure) as failure:
        trace.record(ChangedNet(), torch.randn(1, 4), loss=lambda y: y.sum())
    assert failure.value.operation is not None and failure.value.operation.name == "sigmoid"
    assert failure.value.changed is not None and failure.value.changed.inplace
    assert "modified by an inplace operation" in str(failure.value.__cause__)


def test_the_source_of_a_call_is_everything_that_is_not_torch_itself(tmp_path: Path) -> None:
    assert source.is_readers(f"{source.TORCH[:-1]}vision/models/resnet.py")
    assert not source.is_readers(f"{source.TORCH}nn/modules/conv.py")
    assert not source.is_readers(functools.__file__)
    assert source.is_readers(str(tmp_path / "my_net.py"))


def test_a_call_in_a_submodule_knows_the_lines_of_those_around_it() -> None:
    class Outer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Strange()

        def forward(self, x: Tensor) -> Tensor:
            return self.inner(x)

    record = trace.record(Outer(), torch.randn(2, 4))
    assert [span.function for span in record.operations[0].stack] == ["forward", "forward"]
    first, second = record.operations[0].stack
    assert first.line < second.line
