"""The linear fit: it finds W, rejects invalid settings, and its script prints the same numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from torch import nn

from core.errors import InvalidSetting
from core.export.linear_fit_script import script
from core.foundations.linear_fit import OPTIMIZERS, Fit, FitSettings, fit, problem, stretches, true_matrix
from tests.examples import up_to
from tests.foundations.scripts import run


@cache
def tutorial() -> Fit:
    return fit(FitSettings())


def test_with_the_tutorials_settings_the_fit_ends_within_a_hundredth_of_w() -> None:
    assert tutorial().settings == FitSettings(
        (0.3, 0.4, 0.5, 0.6, 0.6, 0.2), 100, 4, 0.01, 0.0, "SGD", tutorial().settings.seed, 5000
    )
    assert len(tutorial().losses) == 5000
    assert tutorial().difference.abs().max() < 0.01


def test_one_iteration_by_hand() -> None:
    """dL/dW[i][j] = 2/(4·2) Σ x[i] (ŷ[j] − y[j]) over the batch of 4; then W − 0.01 · gradient."""
    result, task = tutorial(), problem(FitSettings())
    x, y = task.x[result.batches[0]], task.y[result.batches[0]]
    error = x @ result.weights[0] - y
    gradient = torch.zeros(3, 2)
    for i in range(3):
        for j in range(2):
            gradient[i, j] = 2 / (4 * 2) * sum(x[n, i] * error[n, j] for n in range(4))
    torch.testing.assert_close(result.gradients[0], gradient)
    torch.testing.assert_close(result.weights[1], result.weights[0] - 0.01 * gradient)
    assert result.losses[0].item() == pytest.approx((error**2).mean().item(), rel=1e-6)


def test_the_initial_weights_follow_the_rule_of_nn_linear() -> None:
    """nn.Linear draws U(-1/√3, 1/√3): the same generator gives the same numbers."""
    torch.manual_seed(4)
    expected = nn.Linear(3, 2, bias=False).weight
    start = torch.empty(2, 3)
    nn.init.kaiming_uniform_(start, a=5**0.5, generator=torch.Generator().manual_seed(4))
    assert torch.equal(start, expected)


def test_the_batches_are_drawn_without_replacement() -> None:
    assert all(len(set(batch.tolist())) == 4 for batch in tutorial().batches[:200])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_fit_in_pieces_is_the_fit_in_one(optimizer: str) -> None:
    settings = FitSettings(optimizer=optimizer, iterations=23, noise=0.1)
    pieces = list(stretches(settings, problem(settings), [5, 7, 100, 100]))
    assert [piece.first for piece in pieces] == [0, 5, 12]
    whole = fit(settings)
    for name in ("gradients", "losses", "batches"):
        assert torch.equal(torch.cat([getattr(piece, name) for piece in pieces]), getattr(whole, name))
    assert torch.equal(torch.cat([piece.weights for piece in pieces]), whole.weights[1:])


FITS = st.builds(
    FitSettings,
    weights=st.tuples(*[st.floats(-10, 10)] * 6),
    samples=st.integers(9, 200),
    batch_size=st.integers(1, 9),
    learning_rate=st.sampled_from([1e-5, 0.01, 1 / 3, 10.0]),
    noise=st.sampled_from([0.0, 0.1, 5.0]),
    seed=st.integers(0, 2**31 - 1),
    iterations=st.integers(1, 60),
)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@hypothesis(max_examples=up_to(4))
@given(settings=FITS)
def test_the_script_runs_alone_and_ends_with_the_same_numbers(optimizer: str, settings: FitSettings) -> None:
    settings = replace(settings, optimizer=optimizer)
    names, output = run(script(settings))
    result = fit(settings)
    assert torch.equal(names["learned"], result.learned)
    assert f"largest difference from W: {result.difference.abs().max():.6f}" in output
    steps = max(1, settings.iterations // 5)
    for step in range(steps, len(result.losses) + 1, steps):
        assert f"iteration {step}: loss {result.losses[step - 1].item():.6e}" in output


def test_a_learning_rate_that_diverges_stops_early_in_the_script_too() -> None:
    settings = FitSettings(learning_rate=4.0, iterations=500)
    result = fit(settings)
    assert result.diverged_at is not None
    assert f"diverged in iteration {result.diverged_at + 1}" in run(script(settings))[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch_size": 101},
        {"batch_size": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"noise": -1.0},
        {"optimizer": "LBFGS"},
        {"weights": (1.0, 2.0)},
        {"weights": (1.0, 2.0, 3.0, 4.0, 5.0, float("inf"))},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidSetting):
        FitSettings(**wrong)  # type: ignore[arg-type]


def test_without_noise_the_samples_are_exactly_x_times_w() -> None:
    task = problem(FitSettings())
    assert torch.equal(task.y, task.x @ true_matrix(FitSettings()))
