"""The types of what the JavaScript tests compare with, from which ``tools/js_types.py`` writes JavaScript's."""

from __future__ import annotations

from typing import TypedDict

from core.convolution.scene import Drawing


class SceneCase(TypedDict):
    """One layer as the browser gets it, its windows in both dimensions, and the formula of one output."""

    seed: int
    data: Drawing
    message: str
    rows: list[list[tuple[int, int]]]
    columns: list[list[tuple[int, int]]]
    formulas: list[str]


class ShapeCase(TypedDict):
    """A shape and the index of each of its cells."""

    shape: list[int]
    indices: list[list[int]]


class MessageCase(TypedDict):
    """A message and what is in it."""

    bytes: str
    header: dict[str, str]
    arrays: list[list[float]]


class SentenceCase(TypedDict):
    """A sentence with places, and what it says of one thing and of two, in every place."""

    template: str
    places: list[str]
    one: str
    two: str


class Field(TypedDict):
    """A receptive field on the image."""

    top: int
    left: int
    height: int
    width: int


class FieldCase(TypedDict):
    """The receptive field of one cell of a layer."""

    layer: int
    cell: int
    field: Field


class ReadingCase(TypedDict):
    """The message about one drawing, and the pixels that some cells see."""

    name: str
    bytes: str
    fields: list[FieldCase]


class Fixtures(TypedDict):
    """Everything that the tests in ``tests/js`` read."""

    scenes: list[SceneCase]
    readings: list[ReadingCase]
    shapes: list[ShapeCase]
    messages: list[MessageCase]
    sentences: list[SentenceCase]
    floats: list[float]
