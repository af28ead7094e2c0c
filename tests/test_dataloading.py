"""From the files to a batch: torchvision's own classes run, and what is said of their tensors is true."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from core import dataloading, datasets
from core.dataloading import LoaderSettings
from core.datasets import MEAN, STD, Dataset
from core.errors import InvalidSetting
from core.export import digits_script
from pages.parts.digits import histogram
from tests.foundations.scripts import run


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return datasets.load("digits")


def test_a_sample_goes_through_each_transform(digits: Dataset) -> None:
    one = dataloading.sample(digits, "train", 7)
    stored = digits.train_images[7]
    assert one.picture.mode == "L" and one.picture.size == (28, 28)
    assert np.array_equal(np.asarray(one.picture), stored.numpy())
    assert one.tensor.shape == (1, 28, 28) and one.tensor.dtype == torch.float32
    assert torch.equal(one.tensor[0], stored.float() / 255)
    assert torch.equal(one.normalised, (one.tensor - MEAN) / STD)
    assert one.label == int(digits.train_labels[7])


def test_the_lesson_normalises_as_the_networks_of_this_project_are_given_their_digits(digits: Dataset) -> None:
    images, _ = dataloading.first_batch(digits, LoaderSettings(shuffle=False, batch_size=5))
    assert torch.allclose(images, datasets.normalise(digits.train_images[:5]), atol=1e-6)


@pytest.mark.parametrize("shuffle", [True, False])
def test_the_first_batch_holds_the_images_whose_numbers_the_epoch_lists(digits: Dataset, shuffle: bool) -> None:
    settings = LoaderSettings(shuffle=shuffle, batch_size=10, seed=3)
    images, labels = dataloading.first_batch(digits, settings)
    numbers = list(dataloading.epochs(digits, settings)[0].batches[0])
    assert torch.allclose(images, datasets.normalise(digits.train_images[numbers]), atol=1e-6)
    assert torch.equal(labels, digits.train_labels[numbers])
    assert (numbers == list(range(10))) != shuffle


@pytest.mark.parametrize(("drop_last", "batches", "last", "used"), [(False, 6, 60, 360), (True, 5, 60, 300)])
def test_the_last_batch_is_short_or_left_out(
    digits: Dataset, drop_last: bool, batches: int, last: int, used: int
) -> None:
    settings = LoaderSettings("test", 60, drop_last=drop_last)
    if drop_last:
        settings = LoaderSettings("test", 70, drop_last=True)
        last, used = 70, 350
    first, second = dataloading.epochs(digits, settings)
    assert (len(first.batches), len(first.batches[-1]), first.count) == (batches, last, used)
    assert first != second and len(dataloading.loader(digits, settings)) == batches


def test_no_batch_at_all_is_an_error(digits: Dataset) -> None:
    with pytest.raises(InvalidSetting, match="do not fill one batch"):
        dataloading.first_batch(digits, LoaderSettings("test", 1000, drop_last=True))


@pytest.mark.parametrize("settings", [{"part": "all"}, {"batch_size": 0}])
def test_settings_that_cannot_be_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(InvalidSetting):
        LoaderSettings(**settings)  # type: ignore[arg-type]


def test_mean_std_and_histogram_are_those_of_all_pixels(digits: Dataset) -> None:
    pixels = dataloading.pixels(digits.train_images)
    values = digits.train_images.double() / 255
    assert pixels.mean == pytest.approx(values.mean().item())
    assert pixels.std == pytest.approx(values.std(correction=0).item())
    assert pixels.paper == pytest.approx((digits.train_images == 0).double().mean().item())
    expected = torch.histc((digits.train_images // 4).float(), bins=64, min=0, max=63) / values.numel()
    assert torch.allclose(pixels.binned(64).float(), expected)


def test_the_constants_are_mnists(mnist_folder: Path) -> None:
    pixels = dataloading.pixels(datasets.load("mnist", mnist_folder).train_images)
    assert round(pixels.mean, 4) == MEAN and round(pixels.std, 4) == STD


def test_a_bar_is_the_logarithm_of_its_share() -> None:
    assert histogram.height_of(1.0) == 1 and histogram.height_of(0) == histogram.height_of(1e-4) == 0
    assert histogram.height_of(0.01) == pytest.approx(0.5)  # half of the four decades


def check(program: str, data: Dataset, settings: LoaderSettings) -> None:
    assert not re.search(r"^(import|from) (core|pages)\b", program, re.MULTILINE)
    lines = run(program)[1].splitlines()
    one = dataloading.sample(data, settings.part, 4)
    images, labels = dataloading.first_batch(data, settings)
    mean = f"min {images.min():.4f} max {images.max():.4f} mean {images.mean():.4f}"
    assert lines[0].endswith(f"label {one.label}")
    assert f"mean {one.normalised.mean():.4f}" in lines[3] and "(1, 28, 28)" in lines[3]
    assert lines[4].endswith(mean)
    assert lines[5] == f"labels {labels.tolist()}"
    count = len(dataloading.part_of(data, settings.part)[1])
    assert lines[6] == f"batches in an epoch: {math.ceil(count / settings.batch_size)}"


def test_the_script_for_the_built_in_digits_prints_the_same(digits: Dataset) -> None:
    settings = LoaderSettings("test", 32, seed=5)
    check(digits_script.script("digits", 4, settings, MEAN, STD), digits, settings)


def test_the_script_for_mnist_prints_the_same(mnist_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWISE_DATA", str(mnist_folder))
    settings = LoaderSettings(batch_size=64)
    data = datasets.load("mnist", mnist_folder)
    check(digits_script.script("mnist", 4, settings, MEAN, STD), data, settings)


def test_digits_are_read_by_any_loader(digits: Dataset) -> None:
    whole = dataloading.Digits(digits.test_images, digits.test_labels, dataloading.transform())
    assert len(whole) == 360
    images, labels = next(iter(DataLoader(whole, batch_size=3)))
    assert images.shape == (3, 1, 28, 28) and labels.dtype == torch.int64
