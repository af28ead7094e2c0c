"""A run's events become the curves of the tutorial's plot."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.run_curves import Words, accuracy_curves, changes_of_rate, coloured, ghost, loss_curves
from core.training import events
from core.training.events import Changed
from core.training.run_folder import Curve

WORDS = Words("train", "smoothed", "test", "accuracy")


def losses() -> Curve:
    loss = np.array([2.3, 2.1, 1.0])
    return Curve(np.array([64.0, 128.0, 192.0]), loss, loss, loss)


def two_tests() -> list[events.Tested]:
    return [events.Tested(0, 0, 0, 2.31, 0.1, (), ()), events.Tested(3, 1, 192, 0.9, 0.75, (), ())]


def test_training_loss_stands_at_its_examples_and_test_loss_at_the_epochs() -> None:
    train, test = loss_curves(losses(), two_tests(), WORDS, smoothing=0, shift=0)
    assert (train.x.tolist(), train.y.tolist()) == ([64, 128, 192], [2.3, 2.1, 1.0])
    assert (test.x.tolist(), test.y.tolist()) == ([0, 192], [2.31, 0.9])
    assert [train.name, test.name] == ["train", "test"]


def test_a_continued_run_goes_on_where_its_parent_was() -> None:
    train, average, test = loss_curves(losses(), two_tests(), WORDS, smoothing=0.5, shift=1000)
    assert train.x.tolist() == average.x.tolist() == [1064, 1128, 1192]
    assert test.x.tolist() == [1000, 1192]
    # averages from 0: 1.15, 0.5·1.15 + 0.5·2.1 = 1.625, 0.5·1.625 + 0.5·1.0 = 1.3125; corrected by 1 - 0.5^t
    assert average.y.tolist() == pytest.approx([1.15 / 0.5, 1.625 / 0.75, 1.3125 / 0.875])
    assert train.opacity < average.opacity


def test_of_a_group_of_batches_the_lowest_and_the_highest_are_drawn() -> None:
    grouped = Curve(np.array([128.0, 256.0]), np.array([2.0, 1.5]), np.array([1.9, 1.0]), np.array([2.1, 2.0]))
    train, _test = loss_curves(grouped, two_tests(), WORDS, smoothing=0, shift=0)
    assert train.x.tolist() == [128, 128, 256, 256]
    assert train.y.tolist() == [1.9, 2.1, 1.0, 2.0]


def test_accuracy_is_that_of_the_tests() -> None:
    (curve,) = accuracy_curves(two_tests(), WORDS, shift=0)
    assert curve.y.tolist() == [0.1, 0.75]


def test_each_change_of_the_rate_is_marked_with_the_rate_before_and_after() -> None:
    changes = [Changed(5, 320, 0.1), Changed(7, 448, 0.1), Changed(9, 576, 0.001)]
    marks = changes_of_rate(changes, 0.01, "lr", shift=100)
    assert [(mark.x, mark.label) for mark in marks] == [(420, "lr 0.01 → 0.1"), (676, "lr 0.1 → 0.001")]


def test_ghosts_and_overlays_carry_the_name_of_their_run() -> None:
    curves = loss_curves(losses(), two_tests(), WORDS, smoothing=0, shift=0)
    pale = ghost(curves, "first")
    assert [(curve.name, curve.hover) for curve in pale] == [("first", True), ("first: test", False)]
    assert {(curve.name, curve.color) for curve in coloured(curves, "first", "#123456")} == {("first", "#123456")}
