"""The network that ships: as small and as good as its card says, and made by the command that is there."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from core import datasets, recognise
from core.mnist_framing import SIDE
from core.networks.tutorials import ReaderNet
from core.pretraining import card, images, measure, pen, renditions, skeleton, training
from core.pretraining.recipe import Recipe
from core.recognise.readers import SHIPPED
from core.sketch import strokes as vectors

CARD = SHIPPED.with_name("CARD.md").read_text(encoding="utf-8")


def accuracy_on_card(name: str) -> float:
    """The share of right answers that the card gives for the set whose name begins so."""
    match = re.search(rf"^\| {name}[^|]*\| [\d,]+ \| ([\d.]+)% \|$", CARD, flags=re.MULTILINE)
    assert match, name
    return float(match[1]) / 100


# --- What ships


def test_it_is_under_a_megabyte_and_the_card_is_of_these_weights() -> None:
    assert SHIPPED.stat().st_size < 1_000_000
    net = recognise.shipped().net
    assert card.fingerprint(net) in CARD
    assert f"{card.parameters(net):,} numbers" in CARD and f"{SHIPPED.stat().st_size:,} bytes" in CARD


def test_the_card_names_the_command_and_every_setting_of_the_recipe() -> None:
    assert "`make pretrained`" in CARD and "python -m tools.make_pretrained" in CARD
    for name, value in dataclasses.asdict(Recipe()).items():
        assert f"| {name} | {value} |" in CARD


@pytest.mark.heavy
def test_it_reads_mnists_test_set_as_well_as_the_card_says(mnist_folder: Path) -> None:
    data = datasets.load("mnist", mnist_folder)
    result = measure.measure(recognise.shipped().net, "MNIST", data.test_images, data.test_labels)
    assert result.accuracy >= 0.995
    assert result.accuracy == pytest.approx(accuracy_on_card("MNIST test set"), abs=0.0003)


@pytest.mark.long
def test_it_reads_digits_drawn_as_strokes_as_well_as_the_card_says(mnist_folder: Path) -> None:
    """Through framing, network and doubt, as Draw and the command read, so that a loss in any of them shows."""
    data = datasets.load("mnist", mnist_folder)
    labels = data.test_labels[: measure.WRITTEN].tolist()
    answers = recognise.of_drawings(recognise.shipped(), measure.drawn_again(data))
    right = sum(answer.digit == label for answer, label in zip(answers, labels, strict=True))
    assert accuracy_on_card(f"the first {measure.WRITTEN} MNIST") >= 0.976
    assert right / measure.WRITTEN == pytest.approx(
        accuracy_on_card(f"the first {measure.WRITTEN} MNIST"), abs=0.001
    )
    assert sum(answer.doubt is not None for answer in answers) <= measure.WRITTEN / 100


@pytest.mark.heavy
def test_it_reads_the_digits_of_other_people() -> None:
    data = datasets.load("digits")
    result = measure.measure(recognise.shipped().net, "digits", data.train_images, data.train_labels)
    assert result.accuracy >= accuracy_on_card("scikit-learn") - 0.02


# --- How it is made


def draw(*lines: tuple[tuple[float, float], ...]) -> Tensor:
    """A picture of straight lines, uint8 (1, 28, 28)."""
    strokes = [np.array(line, np.float32) for line in lines]
    starts, ends = vectors.segments_of(strokes)
    ink = vectors.ink(starts, ends, np.array([len(starts)]), SIDE, SIDE, np.array([3.0], np.float32))
    return torch.from_numpy(np.rint(ink * 255).astype(np.uint8))


def test_a_line_is_traced_as_one_stroke_along_it() -> None:
    (stroke,) = skeleton.strokes_of(draw(((6, 6), (20, 20))))[0]
    assert np.abs(stroke[:, 0] - stroke[:, 1]).max() < 0.5
    assert np.linalg.norm(stroke[-1] - stroke[0]) > 15


def test_a_cross_is_traced_as_two_strokes_that_go_straight_on() -> None:
    strokes = skeleton.strokes_of(draw(((14, 5), (14, 23)), ((5, 14), (23, 14))))[0]
    assert len(strokes) == 2
    assert sorted(int(np.ptp(stroke, axis=0).argmax()) for stroke in strokes) == [0, 1]


def test_thinning_keeps_what_hangs_together_and_leaves_lines() -> None:
    from scipy import ndimage

    data = datasets.load("digits")
    ink = skeleton.enlarge(data.test_images[:40])
    thin = skeleton.thin(ink)
    assert not (thin & ~ink).any()
    eight = np.ones((3, 3))
    for before, after in zip(ink, thin, strict=True):
        assert ndimage.label(before, eight)[1] == ndimage.label(after, eight)[1]
        assert ndimage.binary_erosion(after, np.ones((2, 2))).sum() <= 2


def test_traced_digits_drawn_again_look_like_themselves() -> None:
    data = datasets.load("digits")
    some = data.test_images[:30]
    again = vectors.draw_all(skeleton.strokes_of(some), 3.0)
    agree = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(again, some.numpy(), strict=True)]
    assert np.median(agree) > 0.8


def test_renditions_are_a_function_of_seed_number_and_digit() -> None:
    data = datasets.load("digits")
    strokes = skeleton.strokes_of(data.train_images[:20])
    labels = data.train_labels[:20]
    first = renditions.rendition(strokes, labels, 1, 0)
    assert torch.equal(first, renditions.rendition(strokes, labels, 1, 0))
    assert torch.equal(first[:5], renditions.rendition(strokes[:5], labels[:5], 1, 0))
    assert not torch.equal(first, renditions.rendition(strokes, labels, 1, 1))


def test_habits_give_flags_to_ones_and_bars_to_sevens_only_sometimes() -> None:
    bar = [np.array([[10.0, 4.0], [10.0, 24.0]], np.float32)]
    seven = [np.array([[6.0, 4.0], [18.0, 4.0], [10.0, 24.0]], np.float32)]
    random = np.random.default_rng(0)
    ones = [pen.with_habits(bar, 1, random) for _ in range(300)]
    flagged = sum(len(strokes[0]) > 2 for strokes in ones)
    crossed = sum(len(pen.with_habits(seven, 7, random)) == 2 for _ in range(300))
    assert 75 < flagged < 135 and 90 < crossed < 150
    assert all(pen.with_habits(bar, label, random) == bar for label in (2, 4, 9))


def test_distorted_images_stay_images() -> None:
    data = datasets.load("digits")
    x = data.train_images[:50, None].float() / 255
    random = torch.Generator().manual_seed(0)
    for changed in (images.distort(x, 1.0, random), images.thicken_or_thin(x, random)):
        assert changed.shape == x.shape and float(changed.min()) >= 0 and float(changed.max()) <= 1
    assert torch.allclose(images.distort(x, 0.0, random), x, atol=1e-4)


def small() -> tuple[datasets.Dataset, Recipe]:
    data = datasets.load("digits")
    few = datasets.Dataset(
        "digits", data.train_images[:256], data.train_labels[:256], data.test_images, data.test_labels
    )
    return few, Recipe(epochs=2, batch_size=64, threads=1)


def test_folding_batch_norm_away_changes_no_answer() -> None:
    net = training.InTraining().train()
    with torch.no_grad():
        net(torch.randn(64, 1, 28, 28))  # the running statistics leave their start
    for norm in net.norms:
        torch.nn.init.normal_(norm.weight)
        torch.nn.init.normal_(norm.bias)
    x = torch.randn(16, 1, 28, 28)
    with torch.no_grad():
        assert torch.allclose(training.fold(net.eval())(x), net(x), atol=1e-4)


@pytest.mark.heavy
def test_training_is_repeatable_and_learns() -> None:
    data, recipe = small()
    threads = torch.get_num_threads()
    losses: list[float] = []

    def learn() -> ReaderNet:
        return training.train(data, lambda _number: data.train_images, recipe, lambda *news: losses.append(news[2]))

    try:
        one, two = learn(), learn()
    finally:
        torch.set_num_threads(threads)
    assert card.fingerprint(one) == card.fingerprint(two)
    assert losses[: len(losses) // 2] == losses[len(losses) // 2 :]
    assert np.mean(losses[12:16]) < np.mean(losses[:4])
