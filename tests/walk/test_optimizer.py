"""One weight's step by hand is what torch.optim did to it."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.walk import optimizer, setup, walk
from core.walk.setup import OPTIMIZERS, Choice
from tests.examples import up_to


@settings(max_examples=up_to(60))
@given(st.sampled_from(OPTIMIZERS), st.integers(0, 4), st.floats(1e-4, 0.5), st.integers(0, 999), st.booleans())
def test_a_weight_by_hand_is_torchs_to_the_last_bits(kind, before, lr, seed, double) -> None:
    dtype = torch.float64 if double else torch.float32
    generator = torch.Generator().manual_seed(seed)
    w = torch.nn.Parameter(torch.randn(5, dtype=dtype, generator=generator))
    optimizer_ = optimizer.make(kind, [w], lr)
    for _ in range(before):
        w.grad = torch.randn(5, dtype=dtype, generator=generator)
        optimizer.step(kind, optimizer_)
    w.grad = torch.randn(5, dtype=dtype, generator=generator)
    old, state = w.detach().clone(), optimizer.state_of(optimizer_, w)
    optimizer.step(kind, optimizer_)
    for i in range(5):
        explanation = optimizer.update(kind, lr, old, w.grad, state, w.detach(), (i,))
        assert abs(explanation.after - explanation.torch_after) <= 8 * torch.finfo(dtype).eps * explanation.scale


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("size", [1e-30, 1e10, 3e19, 1e30])
def test_a_step_whose_square_is_more_than_float32_holds_is_torchs(kind: str, size: float) -> None:
    w = torch.nn.Parameter(torch.tensor([-30.0, 0.03, 1.0]))
    optimizer_ = optimizer.make(kind, [w], 3.0)
    for k in range(3):
        w.grad = torch.tensor([1.0, -2.0, 0.5]) * size * (k + 1)
        old, state = w.detach().clone(), optimizer.state_of(optimizer_, w)
        optimizer.step(kind, optimizer_)
        for i in range(3):
            explanation = optimizer.update(kind, 3.0, old, w.grad, state, w.detach(), (i,))
            assert explanation.after == pytest.approx(
                explanation.torch_after, rel=1e-5, abs=1e-6 * explanation.scale, nan_ok=True
            )


@pytest.mark.parametrize("kind", ["hand", "sgd"])
def test_plain_steps_agree_in_every_bit(kind: str) -> None:
    torch.manual_seed(0)
    w = torch.nn.Parameter(torch.randn(2000))
    w.grad, old = torch.randn(2000), w.detach().clone()
    optimizer_ = optimizer.make(kind, [w], 0.01)
    optimizer.step(kind, optimizer_)
    explanations = [optimizer.update(kind, 0.01, old, w.grad, {}, w.detach(), (i,)) for i in range(2000)]
    assert all(update.exact for update in explanations)


def test_momentum_by_hand() -> None:
    # v = 0.9·2 + 3 = 4.8, step = 0.5·4.8 = 2.4, w = 10 − 2.4 = 7.6; Nesterov: 3 + 0.9·4.8 = 7.32, w = 6.34.
    w, g, memory = torch.tensor([10.0]), torch.tensor([3.0]), {"momentum_buffer": torch.tensor([2.0])}
    plain = optimizer.update("momentum", 0.5, w, g, memory, torch.tensor([7.6]), (0,))
    assert [line.value for line in plain.lines] == pytest.approx([4.8, 2.4, 7.6])
    ahead = optimizer.update("nesterov", 0.5, w, g, memory, torch.tensor([6.34]), (0,))
    assert [line.value for line in ahead.lines] == pytest.approx([4.8, 7.32, 3.66, 6.34])


def test_adams_first_step_is_the_learning_rate_itself() -> None:
    # m̂ = g and v̂ = g², so the step is lr·g/|g| = lr whatever the gradient.
    w, g = torch.tensor([1.0]), torch.tensor([123.0])
    explanation = optimizer.update("adam", 0.1, w, g, {}, torch.tensor([0.9]), (0,))
    assert explanation.lines[-2].value == pytest.approx(0.1) and explanation.after == pytest.approx(0.9)


def test_a_cell_that_is_not_there_is_refused() -> None:
    this_walk = walk.take(setup.prepare(Choice(network="linear_fit")))
    assert walk.weight(this_walk, "W.weight", (1, 2)).exact
    with pytest.raises(InvalidSetting, match="not a cell"):
        walk.weight(this_walk, "W.weight", (2, 0))
    with pytest.raises(InvalidSetting, match="no parameter"):
        walk.weight(this_walk, "nobody", (0,))
