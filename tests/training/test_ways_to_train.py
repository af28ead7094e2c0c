"""Clipping, initialisation, augmentation and early stopping: PyTorch's own, and a function of the seed."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from core import datasets
from core.datasets import normalise
from core.training.augmentation import BLACK, augment
from core.training.batches import Parts
from core.training.config import INITIALISATIONS
from core.training.events import Finished
from core.training.events import Tested as AfterTest
from core.training.loop import train
from core.training.network import make
from tests.training.data import SMALL, tiny_dataset

DATA = tiny_dataset()


def test_a_clipped_gradient_is_the_gradient_scaled_down_to_the_norm(monkeypatch: pytest.MonkeyPatch) -> None:
    norms: list[tuple[float, float]] = []
    clip = nn.utils.clip_grad_norm_

    def noting(parameters, most: float):
        names = list(parameters)
        before = clip(names, most)
        after = torch.cat([parameter.grad.flatten() for parameter in names]).norm()
        norms.append((float(before), float(after)))
        return before

    monkeypatch.setattr(nn.utils, "clip_grad_norm_", noting)
    list(train(SMALL.with_(clip_norm=0.5), DATA))
    assert len(norms) == 8
    assert all(after == pytest.approx(min(before, 0.5), rel=1e-4) for before, after in norms)
    assert any(before > 0.5 for before, _after in norms)


def test_without_clipping_no_gradient_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(nn.utils, "clip_grad_norm_")
    list(train(SMALL.with_(epochs=1), DATA))


@pytest.mark.parametrize("way", INITIALISATIONS)
def test_the_first_weights_spread_as_torchs_formulas_say(way: str) -> None:
    layer = make(SMALL.with_(initialisation=way)).fc1  # Linear(320, 50)
    expected = {
        "default": 1 / math.sqrt(3 * 320),
        "kaiming": math.sqrt(2 / 320),
        "xavier": math.sqrt(2 / (320 + 50)),
        "normal": 0.01,
        "zeros": 0.0,
    }[way]
    assert layer.weight.std().item() == pytest.approx(expected, rel=0.03)
    assert (layer.bias == 0).all() == (way != "default")


def test_the_same_seed_gives_the_same_first_weights_and_another_others() -> None:
    first, again, other = (make(SMALL.with_(initialisation="kaiming", seed=seed)).fc1.weight for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_a_whole_shift_moves_pixels_and_fills_with_black(monkeypatch: pytest.MonkeyPatch) -> None:
    images = normalise(DATA.train_images[:4])
    monkeypatch.setattr(torch, "randint", lambda *_args, **_kwargs: torch.tensor([[2, -3]] * 4))
    moved = augment(images, shift=3, rotate=0.0)  # two columns to the right, three rows up
    assert torch.allclose(moved[:, :, :-3, 2:], images[:, :, 3:, :-2], atol=1e-4)
    assert torch.allclose(moved[:, :, -3:], torch.tensor(BLACK), atol=1e-4)
    assert torch.allclose(moved[:, :, :, :2], torch.tensor(BLACK), atol=1e-4)


def test_a_quarter_turn_is_torchs_rot90(monkeypatch: pytest.MonkeyPatch) -> None:
    images = normalise(DATA.train_images[:4])
    monkeypatch.setattr(torch, "rand", lambda *_args, **_kwargs: torch.ones(4))  # the largest angle
    turned = augment(images, shift=0, rotate=90.0)
    assert torch.allclose(turned, torch.rot90(images, 1, dims=(2, 3)), atol=1e-4)


def test_only_training_images_are_augmented_and_each_epoch_sees_others(monkeypatch: pytest.MonkeyPatch) -> None:
    tensors: list[torch.Tensor] = []
    batch = Parts.batch

    def noting(parts: Parts, which: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        images, labels = batch(parts, which)
        tensors.append(images[(which == 7).nonzero().flatten()])
        return images, labels

    monkeypatch.setattr(Parts, "batch", noting)
    config = SMALL.with_(shift=2, rotate=10.0)
    first = next(event for event in train(config, DATA) if isinstance(event, AfterTest))
    assert first == next(event for event in train(SMALL, DATA) if isinstance(event, AfterTest))
    list(train(config, DATA))
    one, two = (images for images in tensors if len(images))
    assert not torch.equal(one, two)


def test_augmentation_costs_no_rank_of_a_batch_of_one() -> None:
    image = normalise(datasets.load("digits").train_images[:1])
    assert augment(image, 1, 5.0).shape == image.shape


def test_a_run_stops_after_so_many_epochs_without_a_better_test_loss() -> None:
    config = SMALL.with_(epochs=30, learning_rate=0.3, patience=2)
    events = list(train(config, DATA))
    losses = [event.loss for event in events if isinstance(event, AfterTest)]
    assert isinstance(events[-1], Finished)
    assert len(losses) - 1 < 30
    best = losses.index(min(losses))
    assert len(losses) - 1 - best == 2
    patient = [event.loss for event in train(config.with_(patience=0), DATA) if isinstance(event, AfterTest)]
    assert patient[: len(losses)] == losses
