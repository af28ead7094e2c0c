"""Two layers four ways: in lockstep, with true gradients, real mistakes and programs that run alone."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.errors import InvalidSetting
from core.foundations.derivation import STEPS, check
from core.foundations.initialisation import compare as compare_rates
from core.foundations.initialisation import larger_rate, programs
from core.foundations.mistakes import MISTAKES, make, wrong_lines
from core.foundations.numpy_and_torch import compare
from core.foundations.two_layers import (
    LOCKSTEP,
    WAYS,
    Stepping,
    WaysSettings,
    lines,
    lockstep,
    losses_of,
    measure,
    program,
    run,
    timed_iterations,
)
from tests.examples import up_to
from tests.foundations import scripts

SMALL = WaysSettings(N=8, D_in=30, H=12, D_out=3, learning_rate=1e-4, adam_learning_rate=1e-2, iterations=60)
sizes = st.integers(1, 40)


@settings(max_examples=up_to(12))
@given(N=sizes, D_in=sizes, H=sizes, D_out=sizes, seed=st.integers(0, 1000))
def test_the_first_three_ways_agree_and_every_gradient_is_autograds(
    N: int,  # noqa: N803
    D_in: int,  # noqa: N803
    H: int,  # noqa: N803
    D_out: int,  # noqa: N803
    seed: int,
) -> None:
    ways_settings = WaysSettings(N, D_in, H, D_out, learning_rate=1e-5, iterations=15, seed=seed)
    assert lockstep(ways_settings).largest < 1e-12
    for way in ("numpy", "tensors"):
        for checked in check(ways_settings, way):
            assert checked.difference is None or checked.difference < 1e-12


def test_with_the_tutorials_sizes_they_agree_and_learn() -> None:
    result = lockstep(WaysSettings(iterations=15))
    assert result.finite
    assert result.largest < 1e-12
    assert all(result.losses[way][-1] < result.losses[way][0] / 10 for way in LOCKSTEP)


@pytest.mark.parametrize("way", WAYS)
def test_a_program_that_halts_between_iterations_goes_on_as_if_it_had_not(way: str) -> None:
    text = program(way, SMALL)
    halting = Stepping(text)
    losses = [*halting.advance(7), *halting.advance(1), *halting.advance(500), *halting.advance(3)]
    assert tuple(losses) == losses_of(text)


def test_two_numbers_by_hand() -> None:
    """N = D_in = H = D_out = 1: L = (max(x w1, 0) w2 − y)², and the chain rule line by line."""
    seed = next(
        s for s in range(50) if run(program("numpy", WaysSettings(1, 1, 1, 1, iterations=1, seed=s))).names["h"] > 0
    )
    names = run(program("numpy", WaysSettings(1, 1, 1, 1, iterations=1, seed=seed))).names
    error = names["y_pred"].item() - names["y"].item()
    assert names["grad_y_pred"].item() == 2 * error
    assert names["grad_w2"].item() == names["h"].item() * 2 * error
    assert names["grad_w1"].item() == names["x"].item() * names["grad_h_relu"].item()


def test_every_derivation_step_has_its_line_and_its_shape() -> None:
    for checked in check(SMALL):
        assert checked.code, checked.step
        size = {"N": 8, "D_in": 30, "H": 12, "D_out": 3}
        named = checked.step.shapes.split("=")[0].split("←")[0].strip(" ()")
        assert checked.shape == tuple(size[part.strip()] for part in named.split(",") if part.strip())


def test_corresponding_lines_exist_in_every_program() -> None:
    for step in STEPS:
        for way in WAYS:
            assert any(step.idea in line.ideas for line in lines(way, SMALL)), (step.idea, way)


@pytest.mark.parametrize("way", WAYS)
def test_each_program_runs_alone_and_prints_the_losses_on_the_screen(way: str) -> None:
    with torch.random.fork_rng(devices=[]):
        _, output = scripts.run(program(way, SMALL))
    losses = lockstep(SMALL).losses[way]
    printed = [f"{it} {loss}" for it, loss in enumerate(losses)]
    assert output.splitlines() == [*printed, f"first loss {losses[0]}", f"last loss {losses[-1]}"]


def test_the_programs_leave_the_global_generator_as_it_was() -> None:
    before = torch.random.get_rng_state()
    run(program("module", SMALL))
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize(
    ("name", "kind", "error"),
    [
        ("x of shape (D_in, H)", "error", "ValueError: shapes (30,12) and (30,12) not aligned"),
        ("(y_pred - y).pow(2)", "curve", ""),
        ("np.square, manual", "same", ""),
        ("np.square, autograd", "error", "RuntimeError: Can't call numpy() on Tensor that requires grad"),
        ("return indent", "error", "SyntaxError: 'return' outside function"),
        ("no return", "error", "AttributeError: 'NoneType' object has no attribute 'size'"),
        ("grad_y_perd", "error", "NameError: name 'grad_y_perd' is not defined"),
        ("no zero_grad", "curve", ""),
        ("TwoLayreNet", "error", "NameError: name 'TwoLayreNet' is not defined"),
    ],
)
def test_each_mistake_has_the_consequence_that_is_told(name: str, kind: str, error: str) -> None:
    outcome = make(MISTAKES[name], SMALL)
    assert outcome.kind == kind
    assert outcome.error.startswith(error)
    lines = [outcome.program.splitlines()[number - 1] for number in wrong_lines(MISTAKES[name], SMALL)]
    assert [line.strip() for line in lines] == [line.strip() for line in MISTAKES[name].wrong.splitlines()]
    if kind == "error":
        wrong = MISTAKES[name].wrong.strip()
        line = outcome.program.splitlines()[(outcome.line or 0) - 1].strip()
        assert line == wrong or name in ("x of shape (D_in, H)", "no return")


def test_what_a_mistake_warns_of_is_told() -> None:
    outcome = make(MISTAKES["np.square, manual"], SMALL)
    alone = subprocess.run(
        [sys.executable, "-W", "always", "-c", outcome.program], capture_output=True, text=True, timeout=120
    )
    assert ("__array_wrap__" in alone.stderr) == any("__array_wrap__" in warning for warning in outcome.warnings)
    assert not make(MISTAKES["no zero_grad"], SMALL).warnings


def test_every_mistake_is_tried_above() -> None:
    tried = test_each_mistake_has_the_consequence_that_is_told.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {name for name, _, _ in tried} == set(MISTAKES)


def test_sgd_with_default_weights_fails_for_its_tiny_steps_and_works_with_a_larger_rate() -> None:
    rates = compare_rates(WaysSettings(iterations=60))
    tried = rates.trials
    assert tried["normal"].std == pytest.approx(1, abs=0.05)
    assert tried["default"].std == pytest.approx(1 / math.sqrt(3 * 1000), rel=0.05)  # U(-1/√1000, 1/√1000)
    assert tried["default"].losses[-1] > 0.9 * tried["default"].losses[0]
    assert tried["default"].relative_step < 2e-4 < 0.01 < tried["default, larger rate"].relative_step
    assert rates.larger_rate > 1e-6 and rates.answer == "rate"


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        (WaysSettings(N=1000, iterations=100), "rate"),  # 1e-3 diverges here, and so do normal weights
        (WaysSettings(learning_rate=1e-3, iterations=60), "nothing"),
        (WaysSettings(iterations=1), "none"),
    ],
)
def test_what_makes_sgd_learn_is_computed_from_the_settings(settings: WaysSettings, answer: str) -> None:
    rates = compare_rates(settings)
    assert rates.answer == answer
    if answer == "rate":
        assert rates.trials["default, larger rate"].losses[-1] < 0.01 * rates.trials["default"].losses[0]


def test_the_larger_rate_is_the_best_of_the_short_runs() -> None:
    small = replace(SMALL, iterations=15)
    best = larger_rate(small)
    rates = [rate for factor in (0.1, 1, 10) if (rate := best * factor) >= small.learning_rate]
    losses = [losses_of(programs(small, rate)["default, larger rate"])[-1] for rate in rates]
    reached = losses_of(programs(small, best)["default, larger rate"])[-1]
    assert reached == pytest.approx(min(loss for loss in losses if not math.isnan(loss)))


def test_the_program_with_sgds_own_rate_runs_alone_and_prints_the_last_loss_of_its_curve() -> None:
    sizes = replace(SMALL, iterations=15)
    rates = compare_rates(sizes)
    with torch.random.fork_rng(devices=[]):
        _, output = scripts.run(programs(sizes, rates.larger_rate)["default, larger rate"])
    losses = rates.trials["default, larger rate"].losses
    assert output.endswith(f"first loss {losses[0]}\nlast loss {losses[-1]}\n")


def test_timing_is_of_real_loops() -> None:
    timings = measure(replace(SMALL, iterations=5))
    assert set(timings) == set(WAYS)
    assert all(0 < t.fastest <= t.median <= t.slowest for t in timings.values())


def test_the_largest_sizes_are_timed_with_fewer_iterations() -> None:
    assert timed_iterations(SMALL) == timed_iterations(WaysSettings()) == 20
    assert timed_iterations(WaysSettings(iterations=7)) == 7
    assert timed_iterations(WaysSettings(N=1000, D_in=500, H=500, iterations=3)) == 3
    assert timed_iterations(WaysSettings(N=1000, D_in=1000, H=1000, iterations=9)) == 3


def test_numpy_and_torch_agree_except_where_the_note_says_otherwise() -> None:
    different = {c.pair.numpy for c in compare() if not c.equal}
    assert different == {"a.max(axis=1)", "a.std()", "a.size", "np.zeros(2).dtype"}


def test_sizes_that_would_take_too_long_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="billion"):
        WaysSettings(N=1000, D_in=10_000, H=1000)
    with pytest.raises(
        InvalidSetting, match="billion"
    ):  # few multiplications, but 4 million numbers moved 500 times
        WaysSettings(N=2000, D_in=1, H=2000, D_out=1)
    with pytest.raises(InvalidSetting, match="h of shape"):
        WaysSettings(N=2000, D_in=1, H=2000, D_out=1, iterations=1)
    with pytest.raises(InvalidSetting):
        WaysSettings(H=0)
    with pytest.raises(InvalidSetting):
        WaysSettings(learning_rate=float("nan"))


def test_the_module_is_the_network_of_the_project() -> None:
    from core.networks.tutorials import TwoLayerNet

    model = run(program("module", SMALL)).names["model"]
    ours = TwoLayerNet(SMALL.D_in, SMALL.H, SMALL.D_out).double()
    ours.load_state_dict(model.state_dict())
    x = torch.randn(4, SMALL.D_in, dtype=torch.float64)
    assert isinstance(model, nn.Module)
    assert torch.equal(ours(x), model(x))
