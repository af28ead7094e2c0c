"""What is said of a step depends on the operation's own arguments, and is true of them."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from core.live.lenet import walk_header
from core.networks import tutorials
from core.ops.operator import parse
from core.ops.registry import NODES, OPERATORS
from core.trace.autograd_graph import meaning_of, saved_by
from core.walk import setup, step_sentences, walk
from tests.lenet_settings import in_english


def words_of(operation_name: str, **choice: object) -> str:
    """What the page adds to the sentence of the first operation of that name, in English."""
    this_walk = walk.take(setup.prepare(setup.Choice(**choice)))  # type: ignore[arg-type]
    operation = next(each for each in this_walk.record.operations if each.name == operation_name)
    return walk_header.of_operation(operation, in_english)


def test_a_pooling_says_its_own_sizes() -> None:
    assert "from 28×28 to 14×14" in words_of("max_pool2d")
    other = "stack:1x9x9~max-k3-s1~flatten~linear-i49-o10"
    assert "from 9×9 to 7×7" in words_of("max_pool2d", network=other)  # not half


def test_a_view_says_its_own_shapes() -> None:
    assert "from (1, 16, 5, 5) to (1, 400)" in words_of("view")


def test_dropout_and_batch_norm_say_which_mode_they_are_in() -> None:
    assert "very same tensor" in words_of("dropout", network="mnist", loss="nll", training=False)
    assert words_of("dropout", network="mnist", loss="nll") == ""
    norm = "stack:1x6x6~conv-o2-k3~norm~relu~flatten~linear-i32-o10"
    assert words_of("batch_norm", network=norm) == step_sentences.BATCH_NORM[True]
    assert words_of("batch_norm", network=norm, training=False) == step_sentences.BATCH_NORM[False]


def test_without_relu_two_linear_layers_are_one_but_a_network_with_max_pooling_is_not() -> None:
    torch.manual_seed(0)
    two = nn.Sequential(nn.Linear(4, 5), nn.Linear(5, 3))
    a, b, zero = torch.randn(1, 4), torch.randn(1, 4), torch.zeros(1, 4)
    assert torch.allclose(two(a + b) - two(a) - two(b) + two(zero), torch.zeros(1, 3), atol=1e-6)
    assert "two linear layers in a row would be one linear layer" in step_sentences.MEANINGS["relu"]
    x, y = torch.randn(1, 1, 4, 4), torch.randn(1, 1, 4, 4)
    assert not torch.allclose(F.max_pool2d(x + y, 2), F.max_pool2d(x, 2) + F.max_pool2d(y, 2))


@pytest.mark.parametrize(("reduction", "scale"), [("mean", 1 / 12), ("sum", 1.0)])
def test_the_gradient_of_a_loss_follows_its_reduction(reduction: str, scale: float) -> None:
    y, target = torch.randn(3, 4, requires_grad=True), torch.randn(3, 4)
    loss = F.mse_loss(y, target, reduction=reduction)
    meaning = meaning_of(loss.grad_fn.name(), saved_by(loss.grad_fn))  # type: ignore[union-attr, arg-type]
    assert meaning.startswith("Averaged" if reduction == "mean" else "Summed")
    loss.backward()  # type: ignore[no-untyped-call]
    assert y.grad is not None and torch.allclose(y.grad, scale * 2 * (y - target).detach())


def test_a_weighted_nll_loss_is_not_said_to_divide_by_the_rows() -> None:
    y = F.log_softmax(torch.randn(3, 4, requires_grad=True), 1)
    loss = F.nll_loss(y, torch.tensor([0, 1, 2]), weight=torch.tensor([1.0, 2.0, 3.0, 4.0]))
    plain = F.nll_loss(y, torch.tensor([0, 1, 2]))
    general = NODES["NllLossBackward"]
    assert meaning_of(loss.grad_fn.name(), saved_by(loss.grad_fn)) == general  # type: ignore[union-attr, arg-type]
    assert "−g/N" in meaning_of(plain.grad_fn.name(), saved_by(plain.grad_fn))  # type: ignore[union-attr, arg-type]


def test_the_bias_of_addmm_gets_the_sum_over_the_batch() -> None:
    layer, x = nn.Linear(3, 2), torch.randn(5, 3)
    g = torch.randn(5, 2)
    layer(x).backward(g)
    assert layer.bias.grad is not None and torch.allclose(layer.bias.grad, g.sum(0))
    assert "sum of g over the batch" in meaning_of("AddmmBackward0")


def test_forward_hooks_run_after_forward_as_the_surprise_says() -> None:
    order: list[str] = []
    layer = tutorials.LinearFit()
    layer.register_forward_pre_hook(lambda *_: order.append("before"))
    layer.register_forward_hook(lambda *_: order.append("after"))
    layer(torch.zeros(1, 3))
    assert order == ["before", "after"]
    assert "before and after it" in OPERATORS["forward"].surprise.why


def test_the_shape_of_nll_loss_is_given_for_one_example_too() -> None:
    nll = OPERATORS["nll_loss"]
    values = {argument.name: parse(argument, argument.default) for argument in nll.arguments}
    assert "(N, C)" in nll.formula(values).lines[0]
    single = nll.formula(values | {"shape": (3,), "target": (1,)})
    assert single.lines[0].startswith("(C)") and single.output == ()
