"""The digits on their way into a network: ``Dataset`` -> transforms -> ``DataLoader`` -> a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST, VisionDataset
from torchvision.transforms import Compose, Normalize, ToTensor

from core.datasets import MEAN, STD, Dataset
from core.errors import N_, InvalidSetting

PARTS = ("train", "test")


class Digits(MNIST):  # type: ignore[misc]  # torchvision is not typed
    """torchvision's ``MNIST`` over images that are in memory already: the same ``__getitem__``, no files.

    ``images`` are uint8 (N, 28, 28), ``labels`` int64 (N,). A sample is (what ``transform`` makes of a PIL image
    of mode "L", the label as int).
    """

    def __init__(self, images: Tensor, labels: Tensor, transform: Callable[[Any], Any] | None = None) -> None:
        VisionDataset.__init__(self, root="", transform=transform)
        self.data, self.targets = images, labels


@dataclass(frozen=True)
class LoaderSettings:
    """What decides the batches: the part of the data, ``DataLoader``'s arguments, the seed of its generator."""

    part: str = "train"
    batch_size: int = 64
    shuffle: bool = True
    drop_last: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise InvalidSetting(N_("there is no part {part!r} of a data set"), part=self.part)
        if self.batch_size < 1:
            raise InvalidSetting(N_("the batch size must be at least 1, not {size}"), size=self.batch_size)


@dataclass(frozen=True)
class Sample:
    """One image on its way: ``picture`` as the Dataset holds it, then after each transform; and its label.

    ``tensor`` is float32 (1, 28, 28) in [0, 1], ``normalised`` the same minus 0.1307, divided by 0.3081.
    """

    picture: Image.Image
    tensor: Tensor
    normalised: Tensor
    label: int


@dataclass(frozen=True)
class Epoch:
    """The sample numbers of every batch of one epoch, in the order in which the loader gives them."""

    batches: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        """How many samples the epoch used; ``drop_last`` leaves some out."""
        return sum(map(len, self.batches))


def transform() -> Compose:
    """Return the transform of the tutorials: ``Compose([ToTensor(), Normalize((0.1307,), (0.3081,))])``."""
    return Compose([ToTensor(), Normalize((MEAN,), (STD,))])


def part_of(data: Dataset, part: str) -> tuple[Tensor, Tensor]:
    """Return images and labels of the part "train" or "test"."""
    return (data.train_images, data.train_labels) if part == "train" else (data.test_images, data.test_labels)


def sample(data: Dataset, part: str, index: int) -> Sample:
    """Take sample ``index`` out of the Dataset and send it through each transform, one at a time."""
    images, labels = part_of(data, part)
    if not 0 <= index < len(labels):
        raise InvalidSetting(N_("there is no image {index}: this part has {count}"), index=index, count=len(labels))
    picture, label = Digits(images, labels)[index]
    tensor = ToTensor()(picture)
    return Sample(picture, tensor, Normalize((MEAN,), (STD,))(tensor), label)


def loader(data: Dataset, settings: LoaderSettings) -> DataLoader[tuple[Tensor, Tensor]]:
    """Return the loader of the transformed part of ``data`` under ``settings``."""
    images, labels = part_of(data, settings.part)
    return DataLoader(Digits(images, labels, transform()), **_arguments(settings))


def first_batch(data: Dataset, settings: LoaderSettings) -> tuple[Tensor, Tensor]:
    """Return ``next(iter(loader))``: images float32 (batch, 1, 28, 28), labels int64 (batch,).

    Raises ``InvalidSetting`` where ``drop_last`` leaves no batch.
    """
    for images, labels in loader(data, settings):
        return images, labels
    raise InvalidSetting(
        N_(
            "{count} {count:image does|images do} not fill one batch of {size}: turn drop_last off or set "
            "batch_size to {count} or "
            "less"
        ),
        count=len(part_of(data, settings.part)[1]),
        size=settings.batch_size,
    )


def epochs(data: Dataset, settings: LoaderSettings, count: int = 2) -> list[Epoch]:
    """Return the sample numbers of ``count`` epochs: the same loader over the numbers in place of the images."""
    numbers: Any = range(len(part_of(data, settings.part)[1]))
    order: DataLoader[Any] = DataLoader(numbers, collate_fn=tuple, **_arguments(settings))
    return [Epoch(tuple(order)) for _ in range(count)]


def _arguments(settings: LoaderSettings) -> dict[str, Any]:
    return {
        "batch_size": settings.batch_size,
        "shuffle": settings.shuffle,
        "drop_last": settings.drop_last,
        "generator": torch.Generator().manual_seed(settings.seed),
    }


@dataclass(frozen=True)
class Pixels:
    """How often each byte occurs among the pixels of a part: ``counts`` (256,). Mean and std follow exactly."""

    counts: Tensor

    @property
    def values(self) -> Tensor:
        """What ``ToTensor`` makes of the bytes 0 to 255, float64 (256,)."""
        return torch.arange(256, dtype=torch.float64) / 255

    @property
    def mean(self) -> float:
        """The mean of all pixels after ``ToTensor``."""
        return float((self.counts * self.values).sum() / self.counts.sum())

    @property
    def std(self) -> float:
        """The standard deviation of all pixels after ``ToTensor``, over all of them (not n − 1)."""
        return float(((self.counts * (self.values - self.mean) ** 2).sum() / self.counts.sum()).sqrt())

    @property
    def paper(self) -> float:
        """The share of the pixels that are 0."""
        return float(self.counts[0] / self.counts.sum())

    def binned(self, bins: int) -> Tensor:
        """Return the share of the pixels in each of ``bins`` equal ranges of bytes, (bins,)."""
        return self.counts.view(bins, -1).sum(1) / self.counts.sum()


def pixels(images: Tensor) -> Pixels:
    """Count the bytes of uint8 ``images`` (N, 28, 28)."""
    return Pixels(torch.bincount(images.flatten(), minlength=256).double())
