"""Accumulated gradients equal a large batch's with the right scaling; a kept gradient overshoots."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.export.linear_fit_script import accumulation_script, forgetting_script
from core.foundations.gradient_experiments import accumulate, forget_zero_grad
from core.foundations.linear_fit import FitSettings
from tests.foundations.scripts import run


@given(st.integers(1, 10), st.integers(10, 100), st.integers(0, 50))
def test_weighted_by_their_share_micro_batches_give_the_large_batch(micro: int, size: int, seed: int) -> None:
    result = accumulate(FitSettings(seed=seed), micro, size)
    assert sum(result.sizes) == size
    assert result.largest_difference("by share") < 1e-6


def test_equal_micro_batches_may_be_divided_by_their_number_and_unscaled_are_k_times_too_large() -> None:
    result = accumulate(FitSettings(), 4, 16)
    assert result.sizes == (4, 4, 4, 4)
    assert result.largest_difference("divide by k") < 1e-6
    torch.testing.assert_close(result.sums["none"], 4 * result.large)


def test_unequal_micro_batches_divided_by_their_number_are_wrong() -> None:
    result = accumulate(FitSettings(), 3, 10)
    assert result.sizes == (4, 3, 3)
    assert result.largest_difference("divide by k") > 1e-4
    assert result.largest_difference("by share") < 1e-6


def test_more_parts_than_samples_are_refused() -> None:
    with pytest.raises(InvalidSetting):
        accumulate(FitSettings(), 11, 10)


def test_without_zero_grad_the_gradient_remembers_and_the_loss_swings() -> None:
    result = forget_zero_grad(FitSettings(), 400)
    assert torch.equal(result.cleared_norms[:1], result.kept_norms[:1])
    assert result.kept_losses[-200:].max() > 10 * result.cleared_losses[-200:].max()
    assert result.swings


def test_with_a_tiny_learning_rate_the_kept_gradients_only_speed_it_up() -> None:
    result = forget_zero_grad(FitSettings(learning_rate=1e-5), 200)
    assert not result.swings
    assert result.kept_losses[-1] < result.cleared_losses[-1]


def test_at_a_rate_that_diverges_the_two_are_not_compared() -> None:
    result = forget_zero_grad(FitSettings(learning_rate=3.0), 200)
    assert result.diverged
    assert len(result.cleared_losses) < 200
    assert not forget_zero_grad(FitSettings(), 50).diverged


def test_the_scripts_run_alone_and_print_the_same_numbers() -> None:
    settings = FitSettings(seed=7)
    names, output = run(accumulation_script(settings, 3, 10))
    result = accumulate(settings, 3, 10)
    assert torch.equal(names["large"], result.large)
    assert torch.equal(names["accumulated"], result.sums["by share"])
    assert f"{result.largest_difference('none'):.1e}" in output
    forgot = forget_zero_grad(settings, 40)
    assert (
        f"iteration 40: loss {forgot.kept_losses[-1]:.2e}, |grad| {forgot.kept_norms[-1]:.2e}"
        in (run(forgetting_script(settings, 40))[1])
    )
