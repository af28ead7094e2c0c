"""The card of the network that ships: how it was made, how good it is, and where it ends."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from pathlib import Path

import torch
from torch import Tensor, nn

from core.datasets import Dataset
from core.pretraining.measure import Measurement, everything
from core.pretraining.recipe import Recipe

INTRODUCTION = """\
# The network that ships

`reader.pth` holds the weights (a plain `state_dict`) of `core.networks.tutorials.ReaderNet`: five convolutions,
three max poolings, one linear layer. It was trained with batch normalisation, which was then folded into the
convolutions. This card is written by the command that makes the network.
"""

DATA = """\
## What it learned from
The MNIST training set and nothing else. Half of each batch are its 60,000 images, turned, slanted, bent, bolder or
finer. The other half are the same digits written again: each was thinned to lines, the lines walked along as a pen
would, and these strokes slanted, stretched, bent, lengthened at their ends, sampled coarsely, and drawn by the
same code that frames what you draw in the app. Because few people in MNIST write a 1 with a flag and a foot
or a 7 with a bar, a third of the bare ones and two fifths of the sevens got them there.
"""

LIMITS = """\
## Limits
- It knows ten digits and answers for anything; that a drawing is no digit is judged apart from it
  (`core.recognise.doubt`).
- Its probabilities were trained with label smoothing: they are cautious, and not calibrated on your writing.
- MNIST was written by Americans around 1990. Forms that are missing there, and are not added above, it reads badly.
- The numbers for strokes are measured on MNIST's own test digits traced by a program: real pens differ.
"""


def write(net: nn.Module, recipe: Recipe, data: Dataset, weights: Path) -> str:
    """Measure the network and return the card as Markdown."""
    measured = everything(net, data)
    settings = "\n".join(f"| {name} | {value} |" for name, value in dataclasses.asdict(recipe).items())
    size = weights.stat().st_size
    lines = (
        "## How to make it again\n`make pretrained` with the four MNIST files in the data folder, which runs\n"
        f"`python -m tools.make_pretrained`. Made on {datetime.date.today().isoformat()} with torch "
        f"{torch.__version__.split('+')[0]} on a CPU. With another torch or\nCPU the last bits, and so a few "
        "answers, differ.\n\n"
        f"| setting | value |\n| --- | --- |\n{settings}\n\n"
        f"{parameters(net):,} numbers, {size:,} bytes; SHA-256 of the weights `{fingerprint(net)}`\n"
    )
    parts = [
        INTRODUCTION,
        lines,
        DATA,
        "## How good it is\n| measured on | digits | right |\n| --- | --- | --- |\n"
        + "\n".join(f"| {m.name} | {m.count:,} | {m.accuracy:.2%} |" for m in measured)
        + "\n\n`tests/test_pretrained.py` measures them again.\n",
        *(table(m) for m in measured),
        LIMITS,
    ]
    return "\n".join(parts)


def parameters(net: nn.Module) -> int:
    """Return how many numbers the network learned."""
    return sum(parameter.numel() for parameter in net.parameters())


def fingerprint(net: nn.Module) -> str:
    """Return a hash of the weights themselves, whatever the file around them looks like."""
    digest = hashlib.sha256()
    for name, value in net.state_dict().items():
        digest.update(name.encode() + value.contiguous().numpy().tobytes())
    return digest.hexdigest()


def table(measured: Measurement) -> str:
    """Return the confusion matrix as Markdown: a row for each digit, a column for each answer."""
    head = "| truth | " + " | ".join(map(str, range(10))) + " |\n|" + " ---: |" * 11
    return f"### {measured.name}: answers\n{head}\n" + rows(measured.confusion) + "\n"


def rows(confusion: Tensor) -> str:
    """Return the rows of the table, zeros left empty."""
    return "\n".join(
        f"| **{digit}** | " + " | ".join(str(count) if count else "" for count in counts) + " |"
        for digit, counts in enumerate(confusion.tolist())
    )
