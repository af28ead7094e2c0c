"""The way of the digits into a batch as a script that prints what the page shows."""

from __future__ import annotations

from core.dataloading import LoaderSettings
from core.export import training_script

HEAD = '''"""From the files to a batch: Dataset, transforms, DataLoader. Needs PyTorch, torchvision{more}."""'''

MNIST = """\
import os

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import Compose, Normalize, ToTensor


def dataset(transform=None):
    folder = os.environ.get("STEPWISE_DATA", "data")  # MNIST/raw lies in it; what is missing is downloaded
    return MNIST(folder, train={train}, download=True, transform=transform)
"""

DIGITS = """\
from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST, VisionDataset
from torchvision.transforms import Compose, Normalize, ToTensor

{framed}


class Digits(MNIST):  # torchvision's MNIST over images that are in memory
    def __init__(self, images, labels, transform=None):
        VisionDataset.__init__(self, root="", transform=transform)
        self.data, self.targets = images, labels


def dataset(transform=None):
    return Digits({part}_images, {part}_labels, transform)
"""

STEPS = """\
def show(name, x):
    x = x.float()
    print(f"{{name:10}} {{tuple(x.shape)}} min {{x.min():.4f}} max {{x.max():.4f}} mean {{x.mean():.4f}}")


picture, label = dataset()[{index}]
print(picture, "label", label)
tensor = ToTensor()(picture)
show("bytes", tensor * 255)
show("ToTensor", tensor)
normalize = Normalize(({mean},), ({std},))
show("Normalize", normalize(tensor))

loader = DataLoader(
    dataset(Compose([ToTensor(), normalize])),
    batch_size={batch_size},
    shuffle={shuffle},
    drop_last={drop_last},
    generator=torch.Generator().manual_seed({seed}),
)
images, labels = next(iter(loader))
show("batch", images)
print("labels", labels.tolist())
print("batches in an epoch:", len(loader))
"""


def script(name: str, index: int, settings: LoaderSettings, mean: float, std: float) -> str:
    """Return the program for data set ``name``, "mnist" or "digits", sample ``index`` and the loader's settings."""
    if name == "mnist":
        data = MNIST.format(train=settings.part == "train")
        more = ""
    else:
        framed = training_script.DIGITS.replace("# FRAMING", training_script.framing_code()).strip("\n")
        data, more = DIGITS.format(framed=framed, part=settings.part), " and scikit-learn"
    steps = STEPS.format(
        index=index,
        mean=mean,
        std=std,
        batch_size=settings.batch_size,
        shuffle=settings.shuffle,
        drop_last=settings.drop_last,
        seed=settings.seed,
    )
    return "\n".join([HEAD.format(more=more), "", data, "", steps])
