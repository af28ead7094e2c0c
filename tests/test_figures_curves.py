"""Curves keep what matters when they are thinned and smoothed."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.figures.curves import decimate, plain, smooth
from core.message import pack


def test_a_single_spike_survives_thinning() -> None:
    x, y = np.arange(50_000.0), np.zeros(50_000)
    y[31_337] = 9.0
    thin_x, thin_y = decimate(x, y, 2000)
    assert len(thin_x) <= 2000
    assert thin_y[thin_x == 31_337] == [9.0]


@given(arrays.arrays(np.float64, st.integers(0, 400), elements=st.floats(-1e6, 1e6)), st.integers(4, 120))
def test_thinning_only_drops_points_and_keeps_ends_and_extremes(y: np.ndarray, limit: int) -> None:
    x = np.arange(len(y), dtype=np.float64)
    thin_x, thin_y = decimate(x, y, limit)
    assert len(thin_x) <= max(limit, 0)
    assert (np.diff(thin_x) > 0).all()
    assert (y[thin_x.astype(int)] == thin_y).all()
    if len(y):
        assert thin_x[0] == 0
        assert thin_x[-1] == len(y) - 1
        assert thin_y.min() == y.min()
        assert thin_y.max() == y.max()


def test_a_loss_that_is_not_a_number_stays_visible_as_a_gap() -> None:
    y = np.ones(10_000)
    y[9_000] = np.nan
    _x, thin = decimate(np.arange(10_000.0), y, 200)
    assert np.isnan(thin).sum() == 1


def test_smoothing_follows_its_formula_by_hand() -> None:
    # weight 0.5: averages 0.5·0 + 0.5·4 = 2, 0.5·2 + 0.5·2 = 2; corrected 2/(1 - 0.5) = 4, 2/(1 - 0.25) = 8/3
    assert smooth(np.array([4.0, 2.0]), 0.5).tolist() == pytest.approx([4.0, 8 / 3])


def test_smoothing_keeps_a_constant_and_weight_zero_changes_nothing() -> None:
    assert smooth(np.full(50, 2.5), 0.9) == pytest.approx(np.full(50, 2.5))
    y = np.array([3.0, 1.0, 2.0])
    assert smooth(y, 0).tolist() == y.tolist()


@given(
    st.lists(st.floats(-100, 100) | st.sampled_from([math.nan, math.inf, -math.inf]), max_size=30),
    st.floats(0.01, 0.99),
)
def test_smoothing_passes_over_what_is_not_finite(values: list[float], weight: float) -> None:
    average, power, expected = 0.0, 1.0, []
    for value in values:
        if math.isfinite(value):
            average, power = weight * average + (1 - weight) * value, power * weight
        expected.append(average / (1 - power) if power < 1 else math.nan)
    assert smooth(np.array(values), weight) == pytest.approx(np.array(expected), rel=1e-9, abs=1e-9, nan_ok=True)


def test_a_message_holds_header_and_exact_float32_values() -> None:
    loss = np.array([2.302585, np.nan, 0.1], dtype=np.float32)
    message = pack({"name": "é"}, [np.arange(3.0), loss])
    length = int.from_bytes(message[:4], "little")
    assert json.loads(message[4 : 4 + length]) == {"name": "é"}
    assert length % 4 == 0
    numbers = np.frombuffer(message[4 + length :], "<f4")
    np.testing.assert_array_equal(numbers, [0, 1, 2, *loss])


def test_a_name_that_a_user_typed_is_not_markup() -> None:
    assert plain("<b>a</b> & b") == "&lt;b&gt;a&lt;/b&gt; &amp; b"
