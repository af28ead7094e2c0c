"""Make the network that ships: ``make pretrained`` -> ``pretrained/reader.pth`` and ``pretrained/CARD.md``.

Traces MNIST's training digits as strokes, writes each of them again several times, trains on both, folds batch
norm away, measures, and writes the card. MNIST has to be in the data folder. Deterministic on one kind of CPU.
"""

from __future__ import annotations

import argparse
import functools
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import torch
from torch import Tensor

from core import datasets
from core.errors import InvalidSetting
from core.networks.tutorials import ReaderNet
from core.pretraining import card, skeleton
from core.pretraining.pen import Strokes
from core.pretraining.recipe import Recipe
from core.pretraining.renditions import rendition
from core.pretraining.training import train
from core.settings import PROJECT

FOLDER = PROJECT / "pretrained"
WEIGHTS = "reader.pth"
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def main() -> int:
    """Make, measure and write; exit status 2 when MNIST is not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs, help="fewer for a quick look")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the weights and the card")
    parser.add_argument("--cache", type=Path, help="folder that keeps the traced strokes between runs")
    parser.add_argument("--card", action="store_true", help="only measure the weights that are there again")
    options = parser.parse_args()
    recipe = Recipe(epochs=options.epochs)
    torch.set_num_threads(recipe.threads)
    try:
        data = datasets.load("mnist")
    except InvalidSetting as error:
        print(error, file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.card:
        save(make(data, recipe, options.cache), options.out / WEIGHTS)
    describe(data, recipe, options.out)
    return 0


def make(data: datasets.Dataset, recipe: Recipe, cache: Path | None) -> ReaderNet:
    """Trace, write again, train, fold."""
    strokes = traced(data.train_images, cache)
    again = functools.cache(lambda number: load_rendition(strokes, data, recipe, number, cache))
    return train(data, again, recipe, report)


def save(net: ReaderNet, path: Path) -> None:
    """Write the weights whole or not at all."""
    partial = path.with_suffix(".tmp")
    torch.save({name: value.contiguous() for name, value in net.state_dict().items()}, partial)
    partial.replace(path)


def describe(data: datasets.Dataset, recipe: Recipe, folder: Path) -> None:
    """Measure the saved weights and write the card beside them."""
    net = ReaderNet()
    net.load_state_dict(torch.load(folder / WEIGHTS, weights_only=True))
    text = card.write(net.eval(), recipe, data, folder / WEIGHTS)
    (folder / "CARD.md").write_text(text, encoding="utf-8")
    print(text)


def traced(images: Tensor, cache: Path | None) -> list[Strokes]:
    """Return the strokes of the training digits, from ``cache`` when they lie there."""
    file = cache / "strokes.pickle" if cache else None
    if file and file.exists():
        with file.open("rb") as stream:
            strokes_of_digits: list[Strokes] = pickle.load(stream)
            return strokes_of_digits
    strokes = announced(skeleton.strokes_of, "tracing strokes", images)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            pickle.dump(strokes, stream)
    return strokes


def load_rendition(
    strokes: list[Strokes], data: datasets.Dataset, recipe: Recipe, number: int, cache: Path | None
) -> Tensor:
    """Return rendition ``number`` of the training digits, from ``cache`` when it lies there."""
    file = cache / f"rendition-{recipe.seed}-{number}.pt" if cache else None
    if file and file.exists():
        from_cache: Tensor = torch.load(file, weights_only=True)
        return from_cache
    images = announced(rendition, f"rendition {number + 1}", strokes, data.train_labels, recipe.seed, number)
    if file:
        torch.save(images, file)
    return images


def announced(
    function: Callable[Arguments, Result], name: str, *arguments: Arguments.args, **more: Arguments.kwargs
) -> Result:
    """Call ``function`` and print how long it took."""
    start = time.monotonic()
    result = function(*arguments, **more)
    print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    return result


def report(step: int, steps: int, loss: float) -> None:
    """Print the loss now and then."""
    if step % 100 == 0 or step == steps:
        print(f"{time.strftime('%H:%M:%S')} step {step}/{steps} loss {loss:.4f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
