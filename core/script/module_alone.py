"""A program that defines modules and never calls one: builds the last and walks it with an input that fits."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.errors import N_
from core.script.events import Progress
from core.script.kinds import is_a
from core.script.lines import Lines
from core.sentence import Sentence

SIDES = (28, 32, 64, 96, 224)
SIZES = {"num_classes": 10, "n_classes": 10, "classes": 10, "vocab_size": 50, "num_layers": 1, "n_layers": 1}
SIZE = 8  # of an argument that has no default and is called otherwise


@dataclass
class Trial:
    """The shape that the reader wants, or None, and then the one that was used; and the class that was called."""

    shape: tuple[int, ...] | None = None
    module: str = ""


def walk(
    variables: dict[str, Any], progress: Progress, lines: Lines, trial: Trial | None = None
) -> tuple[Sentence, ...]:
    """Build and call a module, where the program did not do so itself; return what was done in words."""
    trial = trial or Trial()
    if progress.roots or progress.backwards:
        return ()
    model = _existing(variables) or _build(variables)
    if model is None:
        return ()
    trial.module = type(model).__name__
    first: tuple[tuple[int, ...], Exception] | None = None
    for args in inputs(model, trial.shape):
        shape = tuple(args[0].shape)
        try:
            model(*args)
        except Exception as error:
            first = first or (shape, error)
        else:
            trial.shape = shape
            shapes = ", ".join(str(tuple(one.shape)) for one in args)
            note = N_("The program calls no module. {name} was built and called with an input of shape {shapes}.")
            return (Sentence(note, {"name": type(model).__name__, "shapes": shapes}),)
    lines.stop()
    if first is not None:
        trial.shape, problem = first
        raise problem
    return ()


def _existing(variables: dict[str, Any]) -> nn.Module | None:
    models = [
        value for value in variables.values() if is_a(value, nn.Module) and any(True for _ in value.parameters())
    ]
    return models[-1] if models else None


def _build(variables: dict[str, Any]) -> nn.Module | None:
    """Build the last class that can be built: a network stands below its parts."""
    kinds = [
        value
        for value in variables.values()
        if is_a(value, type) and issubclass(value, nn.Module) and value.__module__ == "__main__"
    ]
    for kind in reversed(kinds):
        parameters = list(inspect.signature(kind).parameters.values())
        needed = [one for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
        if all(one.annotation in (one.empty, int, "int") for one in needed):
            return kind(**{one.name: SIZES.get(one.name, SIZE) for one in needed})
    return None


def inputs(model: nn.Module, input_shape: tuple[int, ...] | None = None) -> Iterator[tuple[Tensor, ...]]:
    """Suggest inputs by the first layer, seeded; for pictures several sizes, the usual ones first.

    ``input_shape``: one of this shape alone.
    """
    generator = torch.Generator().manual_seed(0)
    first = next((layer for layer in model.modules() if not list(layer.children()) and _suggestions(layer)), None)
    count = len(
        [
            one
            for one in inspect.signature(model.forward).parameters.values()
            if one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ]
    )
    shapes = [(2, SIZE)] if first is None else _suggestions(first)
    for shape in shapes if input_shape is None else [input_shape]:
        if is_a(first, nn.Embedding):
            one = torch.randint(0, first.num_embeddings, shape, generator=generator)
        else:
            one = torch.randn(shape, generator=generator)
        yield (one,) * max(count, 1)


def _suggestions(layer: nn.Module) -> list[tuple[int, ...]]:
    match layer:
        case nn.Conv2d():
            sides = SIDES if layer.in_channels == 1 else (32, 64, 96, 224, 28)
            return [(2, layer.in_channels, side, side) for side in sides]
        case nn.Conv1d():
            return [(2, layer.in_channels, side) for side in (32, 64, 128)]
        case nn.Conv3d():
            return [(2, layer.in_channels, side, side, side) for side in (16, 32)]
        case nn.Linear():
            return [(2, layer.in_features), *_pictures(layer.in_features)]
        case nn.Embedding():
            return [(2, 7)]
        case nn.RNNBase():
            return [(2, 7, layer.input_size)]
        case nn.BatchNorm1d():
            return [(2, layer.num_features)]
        case nn.BatchNorm2d():
            return [(2, layer.num_features, 28, 28)]
        case nn.LayerNorm():
            return [(2, *layer.normalized_shape), (2, 7, *layer.normalized_shape)]
        case nn.MultiheadAttention():
            return [(2, 7, layer.embed_dim)]
    return []


def _pictures(features: int) -> list[tuple[int, ...]]:
    """Return the pictures that flatten to this many features."""
    return [(2, c, side, side) for c in (1, 3) for side in (28, 32) if c * side * side == features]
