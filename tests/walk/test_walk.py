"""A walk is one true training step, from zero_grad to the new loss."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from core.errors import InvalidSetting
from core.networks import registry, stack
from core.ops.registry import DEFINITIONS
from core.walk import setup, source_code, walk
from core.walk.inputs import InputSpec
from core.walk.setup import Choice
from tests.own import build_own

NETWORKS = ("lenet5", "lenet3", "mnist", "two_layers", "linear_fit", "stack:1x12x12~conv-o3-k3~relu~max-k2~flatten")


def take(**choice: object) -> walk.Walk:
    return walk.take(setup.prepare(Choice(**choice)))


@pytest.mark.parametrize("network", NETWORKS)
def test_every_step_of_every_network_agrees_with_torch(network: str) -> None:
    taking = take(network=network, input_grad=True)
    phases = list(dict.fromkeys(step.phase for step in taking.steps))
    assert phases == ["zero_grad", "forward", "loss", "backward", "step", "after"]
    checks = [walk.check(taking, step) for step in taking.steps]
    assert [check is None for check in checks] == [step.phase in ("zero_grad", "after") for step in taking.steps]
    assert all(check.fine and check.difference < 1e-3 and not check.beyond for check in checks if check)


@pytest.mark.parametrize("network", ["lenet5", "lenet3", "mnist", "reader", NETWORKS[-1]])
def test_every_loss_and_every_optimizer_gives_a_walk_of_every_network(network: str) -> None:
    losses = [take(network=network, loss=loss) for loss in setup.LOSSES]
    others = [take(network=network, optimizer=optimizer) for optimizer in setup.OPTIMIZERS]
    for taking in losses + others:
        assert taking.record.grads.keys() == taking.after.keys()
        assert any(not torch.equal(taking.after[name], before) for name, before in taking.before.items())


@pytest.mark.parametrize("network", ["lenet5", "mnist", "stack:1x12x12~conv-o3-k3~relu~max-k2~flatten"])
@pytest.mark.parametrize("optimizer", setup.OPTIMIZERS)
def test_another_optimizer_after_the_same_passes_gives_what_recording_them_gives(
    network: str, optimizer: str
) -> None:
    first = take(network=network, loss="cross_entropy", input="digit")
    other = replace(first.setup.choice, optimizer=optimizer, lr=0.3)
    assert walk.differs_only_by_optimizer(first, other)
    continued, whole = walk.with_optimizer(first, other), walk.take(setup.prepare(other))
    assert continued.setup.choice == other and continued.record is first.record
    for name, before in whole.before.items():
        assert torch.equal(continued.before[name], before)
        assert torch.equal(continued.after[name], whole.after[name])
        assert not torch.equal(continued.after[name], before)
        assert torch.equal(continued.record.grads[name], whole.record.grads[name])
    assert (continued.loss, continued.loss_after) == (whole.loss, whole.loss_after)
    assert torch.equal(continued.output_after, whole.output_after)
    assert all(check is None or check.fine for check in (walk.check(continued, step) for step in continued.steps))


def test_steps_before_and_batch_norm_are_recorded_again_for_another_optimizer() -> None:
    def differs(first: walk.Walk, **changes: object) -> bool:
        return walk.differs_only_by_optimizer(first, replace(first.setup.choice, **changes))

    plain, later = take(network="lenet5"), take(network="lenet5", steps_before=1)
    counting = take(network="stack:1x8x8~conv-o2-k3~norm~flatten~linear-o10")
    assert differs(plain, lr=0.2) and not differs(plain, lr=0.2, seed=5) and not differs(plain, loss="nll")
    assert not differs(later, lr=0.2) and not differs(counting, lr=0.2)


def test_an_operation_that_is_written_out_cell_by_cell_only_is_compared_in_some_cells(monkeypatch) -> None:
    own = torch.nn.Sequential(torch.nn.Linear(5, 30), torch.nn.Softmax(1))
    taking = walk.take(setup.prepare(Choice("own"), own=build_own(own, InputSpec((2, 5)))))
    cells_only = replace(DEFINITIONS["softmax"], whole=lambda _: None, whole_gradient=lambda *_: None)
    monkeypatch.setitem(DEFINITIONS, "softmax", cells_only)
    softmax = [walk.check(taking, step) for step in taking.steps if step.operation == 1]
    assert [check.cells for check in softmax] == [12, 12]  # forwards and backwards
    assert all(check.fine and check.difference < 1e-6 for check in softmax)


@pytest.mark.parametrize("optimizer", setup.OPTIMIZERS)
def test_after_it_diverged_every_step_still_agrees_with_torch(optimizer: str) -> None:
    taking = take(network="lenet5", lr=10.0, steps_before=5, optimizer=optimizer)
    checks = [check for step in taking.steps if (check := walk.check(taking, step))]
    assert [check for check in checks if not check.fine] == []
    assert len(checks) == len(taking.steps) - 2


def test_an_operation_is_compared_once_for_all_its_nodes(monkeypatch) -> None:
    taking = take(network="mnist")
    numbers: list[int] = []
    compare = walk.check_backward
    monkeypatch.setattr(
        walk, "check_backward", lambda record, node: numbers.append(node.operation) or compare(record, node)
    )
    operations = [
        step.operation for step in taking.steps if step.phase == "backward" and step.operation is not None
    ]
    for step in taking.steps * 2:
        walk.check(taking, step)
    assert len(operations) > len(set(operations)) == len([number for number in numbers if number is not None])


def test_the_walk_is_the_training_step_that_a_user_would_write() -> None:
    taking = take(network="lenet5", loss="cross_entropy", target=7, lr=0.1)
    net = registry.build("lenet5", seed=0)
    x = torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    loss = F.cross_entropy(net(x), torch.tensor([7]))
    loss.backward()
    optimizer.step()
    assert taking.loss == loss.item()
    assert all(torch.equal(taking.after[name], p) for name, p in net.named_parameters())
    assert taking.loss_after == F.cross_entropy(net(x), torch.tensor([7])).item() < taking.loss


def test_backward_from_a_random_gradient_has_no_loss() -> None:
    taking = take(loss="backward")
    assert taking.loss is None and taking.loss_after is None
    assert "loss" not in {step.phase for step in taking.steps}
    assert source_code.step_listing(taking.setup.choice).lines[2] == "output.backward(grad_output)"


def test_the_step_by_hand_names_every_digit_of_the_learning_rate() -> None:
    by_hand = take(optimizer="hand", lr=0.0123456789)
    assert "p.sub_(p.grad * 0.0123456789)" in source_code.step_listing(by_hand.setup.choice).lines[-2]


def test_dropout_draws_the_same_mask_again_for_the_new_loss() -> None:
    still = take(network="mnist", loss="nll", lr=0.0)
    assert still.loss == still.loss_after


def test_the_lit_expression_is_the_operation() -> None:
    taking = take(network="lenet5")
    source = source_code.network_listing(taking.setup.network)
    lit = []
    for step in taking.steps:
        for light in source_code.light_of_network(taking, source, step):
            lit.append(source.lines[light.line][light.start : light.end])
    assert lit[:3] == ["self.conv1(x)", "F.relu(self.conv1(x))", "F.max_pool2d(F.relu(self.conv1(x)), (2, 2))"]
    assert lit[-1] == "self.conv1(x)"  # the backward ends where the forward began
    for step in taking.steps:
        code = source_code.step_listing(taking.setup.choice).lines
        assert all(code[light.line] for light in source_code.light_of_step(taking.setup.choice, step))


def test_a_sequential_lights_its_layer() -> None:
    taking = take(network=NETWORKS[-1])
    source = source_code.network_listing(taking.setup.network)
    (light,) = source_code.light_of_network(taking, source, taking.steps[1])
    assert "Conv2d(1, 3" in source.lines[light.line]


def test_a_digit_is_padded_with_paper() -> None:
    image = torch.zeros(28, 28, dtype=torch.uint8)
    image[0, 0] = 255
    padded = setup.padded(image, 32)
    assert padded.shape == (1, 1, 32, 32)
    assert padded[0, 0, 2, 2] == padded.max() and padded[0, 0, 0, 0] == padded.min()


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"network": "nobody"}, "no network"),
        ({"network": "own"}, "not started with"),
        ({"network": "stack:nonsense"}, "nonsense"),
        ({"input": "drawing"}, "no drawing yet"),
        ({"loss": "cross_entropy", "target": 12}, "class 12 does not exist"),
        ({"network": NETWORKS[-1], "loss": "nll", "target": 99}, "class 99"),
    ],
)
def test_what_cannot_be_walked_is_refused_in_a_sentence(choice: dict, sentence: str) -> None:
    with pytest.raises(InvalidSetting, match=sentence):
        take(**choice)


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="another network"):
        setup.prepare(Choice(network="lenet5"), weights=registry.build("lenet3", seed=0).state_dict())


def test_raw_scores_into_nll_loss_are_remarked_on() -> None:
    assert "logits" in take(loss="nll").setup.notes[0]
    assert take(network="mnist", loss="nll").setup.notes == []


def test_a_walk_leaves_the_global_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    take(network="mnist")
    assert torch.equal(torch.get_rng_state(), before)


NORM = "stack:1x6x6~conv-o2-k3~norm~relu~flatten~linear-i32-o10"


def test_no_forward_pass_runs_before_the_one_that_is_shown() -> None:
    taking = take(network=NORM)
    buffers = {value.name: value.tensor for value in reversed(taking.record.values) if value.kind == "buffer"}
    assert buffers["norm1.num_batches_tracked"].item() == 0
    assert buffers["norm1.running_mean"].tolist() == [0, 0] and buffers["norm1.running_var"].tolist() == [1, 1]
    counted = [v.tensor.item() for v in taking.record.values if v.name == "norm1.num_batches_tracked"]
    assert counted == [0, 1]
    network = stack.parse(NORM.removeprefix("stack:")).build(seed=0)
    network(torch.randn(1, 1, 6, 6, generator=torch.Generator().manual_seed(0)))
    after = {v.name: v.tensor for v in taking.record.values if v.kind == "buffer"}
    assert torch.equal(after["norm1.num_batches_tracked"], network.norm1.num_batches_tracked)


def test_a_network_that_keeps_a_state_shows_the_first_of_its_steps() -> None:
    class Counting(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.calls = torch.nn.Linear(4, 2), 0

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return self.a(x) * self.calls

    network = Counting()
    taking = walk.take(setup.prepare(Choice("own"), own=build_own(network, InputSpec((1, 4)))))
    first = taking.record.values[taking.record.output].tensor
    assert network.calls == 2  # the step, and the loss after it
    assert torch.equal(first, F.linear(taking.setup.input, taking.before["a.weight"], taking.before["a.bias"]))


def test_a_network_that_writes_into_its_input_is_given_the_same_input_each_time() -> None:
    class Greedy(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a = torch.nn.Linear(4, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.a(x.mul_(2))

    prepared = setup.prepare(Choice("own", lr=0.0), own=build_own(Greedy(), InputSpec((1, 4))))
    taking = walk.take(prepared)
    assert taking.loss == taking.loss_after
    assert prepared.call == "net(input.clone())"


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        ("stack:1x8x8~flatten~linear-i64-o10~norm~relu~linear-i10-o10", "batch of two or more"),
        ("stack:1x3x3~conv-o2-k3~norm~relu~flatten~linear-i2-o10", "Expected more than 1 value per channel"),
        ("stack:1x6x6~relu", "no parameters"),
        ("stack:1x6x6", "no parameters"),
    ],
)
def test_a_built_network_that_cannot_be_trained_is_refused_with_the_reason(network: str, sentence: str) -> None:
    with pytest.raises(InvalidSetting, match=sentence):
        take(network=network)


def test_the_batch_norm_of_one_value_can_be_walked_in_eval_mode() -> None:
    assert take(network="stack:1x3x3~conv-o2-k3~norm~relu~flatten~linear-i2-o10", training=False).steps


def test_of_a_large_operation_some_cells_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_BY_HAND", 100)
    taking = take(network="linear_fit")
    linear = next(step for step in taking.steps if step.phase == "forward")
    check = walk.check(taking, linear)
    assert check is not None and check.fine and check.cells == taking.record.operations[0].call.output.numel()
    taking = take(network="lenet3")
    conv = next(step for step in taking.steps if step.phase == "forward")
    check = walk.check(taking, conv)
    assert check is not None and check.fine and check.cells == 12


def test_a_network_without_rows_has_no_classes() -> None:
    assert setup.classes("stack:1x6x6") == 0
    assert setup.classes("stack:1x6x6~flatten~linear-o10") == 10
