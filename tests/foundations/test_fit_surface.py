"""The loss surface and its curvature, against autograd and against what training really does."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidSetting
from core.foundations import fit_surface
from core.foundations.fit_surface import Extent, bowl, curvature, extent, hessian, surface
from core.foundations.linear_fit import FitSettings, fit, problem
from tests.examples import up_to


def test_the_hessian_is_autograds_for_each_output() -> None:
    data = problem(FitSettings())
    x, y = data.x.double(), data.y.double()
    full = torch.autograd.functional.hessian(lambda w: F.mse_loss(x @ w, y), data.start.t().double())
    torch.testing.assert_close(full[:, 0, :, 0], hessian(data.x))
    torch.testing.assert_close(full[:, 1, :, 1], hessian(data.x))
    assert full[:, 0, :, 1].abs().max() == 0


def test_all_samples_at_once_converge_below_the_limit_and_diverge_above_it() -> None:
    limit = curvature(FitSettings(batch_size=100)).limit
    assert limit is not None
    below = fit(FitSettings(batch_size=100, learning_rate=0.97 * limit, iterations=1500))
    above = fit(FitSettings(batch_size=100, learning_rate=1.03 * limit, iterations=1500))
    assert below.losses[-1] < below.losses[0] / 1000
    assert above.diverged_at is not None
    assert curvature(FitSettings(learning_rate=0.97 * limit)).left_over is not None
    assert curvature(FitSettings(learning_rate=1.03 * limit)).left_over is None


def test_the_curvature_is_measured_once_for_what_only_training_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first = curvature(FitSettings(seed=271))
    monkeypatch.setattr(fit_surface, "problem", None)
    again = curvature(
        FitSettings(seed=271, learning_rate=0.5, iterations=9, weights=(1.0,) * 6, optimizer="momentum")
    )
    assert again.eigenvalues == first.eigenvalues
    with pytest.raises(TypeError):
        curvature(FitSettings(seed=271, samples=99))


def test_momentum_moves_the_limit_by_one_plus_its_factor() -> None:
    limit = curvature(FitSettings(batch_size=100, optimizer="momentum")).limit
    assert limit is not None
    for factor, diverges in ((0.97, False), (1.03, True)):
        fit_settings = FitSettings(
            batch_size=100, optimizer="momentum", learning_rate=factor * limit, iterations=1500
        )
        assert (fit(fit_settings).diverged_at is not None) == diverges
    assert curvature(FitSettings(optimizer="Adam")).limit is None


def test_what_is_left_of_the_flattest_direction_is_what_training_leaves() -> None:
    """With all samples in each batch, the error along the flattest eigenvector shrinks by exactly 1 − lr·λ."""
    fit_settings = FitSettings(batch_size=100, iterations=300)
    result, curve = fit(fit_settings), curvature(fit_settings)
    flattest = torch.linalg.eigh(hessian(problem(fit_settings).x)).eigenvectors[:, 0].float()
    start, end = (flattest @ (result.weights[k] - torch.tensor(fit_settings.weights).view(3, 2)) for k in (0, -1))
    torch.testing.assert_close(end, curve.left_over * start, rtol=1e-3, atol=1e-5)


@settings(max_examples=up_to(12))
@given(st.permutations(range(6)), st.integers(0, 5), st.sampled_from([1, 2, 5, 100]), st.sampled_from([0.0, 0.3]))
def test_a_point_of_the_surface_is_torchs_loss_there(
    order: list[int], seed: int, samples: int, noise: float
) -> None:
    first, second = order[:2]
    data = problem(FitSettings(seed=seed, samples=samples, batch_size=1, noise=noise))
    whole = bowl(data)
    shape = surface(whole, first, second, Extent((-1.0, 0.0), (1.0, 3.0)), points=5)
    assert shape.first.tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0] and shape.second[-1] == 3.0
    weights = whole.best.flatten().clone()
    weights[first], weights[second] = shape.first[3], shape.second[1]
    expected = F.mse_loss(data.x.double() @ weights.view(3, 2), data.y.double())
    assert shape.losses[1, 3].item() == pytest.approx(expected.item(), rel=1e-9, abs=1e-13)


def test_no_matrix_has_a_smaller_loss_than_the_best() -> None:
    data = problem(FitSettings(noise=0.5))
    whole = bowl(data)
    weights = whole.best.clone().requires_grad_()
    loss = F.mse_loss(data.x.double() @ weights, data.y.double())
    (gradient,) = torch.autograd.grad(loss, weights)
    assert loss.item() == pytest.approx(whole.least)
    assert gradient.abs().max() < 1e-12


def test_what_is_shown_holds_the_path_unless_it_leads_far_away() -> None:
    marks = torch.tensor([[0.0, 0.0], [1.0, 0.5]])
    near = torch.tensor([[-0.5, 2.0]])
    assert extent(marks, near).holds(torch.cat([marks, near]))
    far = torch.tensor([[1e9, float("nan")], [float("-inf"), 0.2]])
    limits = extent(marks, far)
    assert limits.holds(marks) and not limits.holds(far)
    assert max(map(abs, (*limits.low, *limits.high))) < 10
    assert extent(marks[:1], marks[:1]).low[0] < 0 < extent(marks[:1], marks[:1]).high[0]


def test_one_weight_twice_is_refused() -> None:
    with pytest.raises(InvalidSetting):
        surface(bowl(problem(FitSettings())), 1, 1, Extent((0.0, 0.0), (1.0, 1.0)))


def test_the_loss_at_the_true_matrix_is_zero_without_noise() -> None:
    assert bowl(problem(FitSettings())).loss(torch.tensor(FitSettings().weights)) < 1e-12
