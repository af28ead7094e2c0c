"""The words of the picture of a network, and of the pad whose drawing it reads (``static/js/network``)."""

from __future__ import annotations

from typing import TypedDict

from pages.shared.language import _


class PictureWords(TypedDict):
    """What the picture says; ``short`` are short names of operations, a space where the line breaks."""

    name: str
    keys: str
    hint: str
    hint_touch: str
    back: str
    closer: str
    map_adds: str
    unit_adds: str
    image: str
    more: str
    others: str
    pixel: str
    map: str
    unit: str
    probability: str
    no_answer: str
    sum_of_maps: str
    sum_of_units: str
    sum: str
    maximum: str
    mean: str
    relu: str
    stage: str
    softmax: str
    function: str
    sees: str
    sees_all: str
    gradient_map: str
    gradient_unit: str
    weights: str
    weight_map: str
    weight_unit: str
    weight_gradients: str
    weight_gradient_map: str
    weight_gradient_unit: str
    short: dict[str, str]


class PadWords(TypedDict):
    """What the pad is called, and how it is used by keys."""

    name: str
    keys: str
    down: str
    up: str


def words() -> PictureWords:
    """Return the words of the picture."""
    return {
        "name": _("Picture of the network"),
        "keys": _(
            "Left and right move between layers, up and down between maps. Enter looks closer at a map; there the"
            " arrow keys move its window, and Escape goes back."
        ),
        "hint": _("Point at a map or a unit to see what it is made of. Click it to look closer."),
        "hint_touch": _("Touch a map or a unit to see what it is made of. Touch it again to look closer."),
        "back": _("Back to the network"),
        "closer": _("Closer look."),
        "map_adds": _("map {item} adds {x}"),
        "unit_adds": _("unit {item} adds {x}"),
        "image": _("image"),
        "more": _("and {count} more that add less"),
        "others": _("and {count} more"),
        "pixel": _("Image, row {row}, column {column}"),
        "map": _("{layer}, map {item} of {count}, row {row}, column {column}"),
        "unit": _("{layer}, unit {item} of {count}"),
        "probability": _("Probability of {digit}"),
        "no_answer": _("Nothing is drawn, so there is no answer."),
        "sum_of_maps": _("It is the sum of {count} × {cells} weights times what they meet, plus the bias {bias}."),
        "sum_of_units": _(
            "It is the sum of {count} {count:unit times its weight|units times their weights}, plus the bias "
            "{bias}."
        ),
        "sum": _("It is the sum of {count} {count:value|values}."),
        "maximum": _("It is the largest of {cells} {cells:value|values}."),
        "mean": _("It is the mean of {cells} {cells:value|values}."),
        "relu": _("Before ReLU it was {x}: ReLU makes 0 of what is negative."),
        "stage": _("{operation} make it of {count} {count:map|maps}."),
        "softmax": _("{operation} makes probabilities of the {count} scores."),
        "function": _("{operation} makes it."),
        "sees": _("It sees {height}×{width} pixels of the image."),
        "sees_all": _("It sees the whole image."),
        "gradient_map": _("Gradient of {layer}, map {item} of {count}, row {row}, column {column}"),
        "gradient_unit": _("Gradient of {layer}, unit {item} of {count}"),
        "weights": _("Weights of {layer}, {item} of {count}"),
        "weight_map": _(
            "Weight of {layer}, {item} of {count}, for map {source} that it reads, row {row}, column {column}"
        ),
        "weight_unit": _("Weight of {layer}, {item} of {count}, for unit {source} that it reads"),
        "weight_gradients": _("Gradients of the weights of {layer}, {item} of {count}"),
        "weight_gradient_map": _(
            "Gradient of the weight of {layer}, {item} of {count}, for map {source} that it reads, row {row},"
            " column {column}"
        ),
        "weight_gradient_unit": _(
            "Gradient of the weight of {layer}, {item} of {count}, for unit {source} that it reads"
        ),
        "short": {
            "max_pool2d": _("max pool"),
            "avg_pool2d": _("avg pool"),
            "relu": "ReLU",
            "batch_norm": _("batch norm"),
        },
    }


def pad_words() -> PadWords:
    """Return the words of the pad."""
    return {
        "name": _("Canvas: draw here"),
        "keys": _("Arrow keys move the pen, with Shift in small steps. Space puts it down and lifts it again."),
        "down": _("pen down"),
        "up": _("pen up"),
    }
