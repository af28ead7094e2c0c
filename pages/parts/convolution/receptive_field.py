"""The receptive field of a unit in any layer, drawn on the input picture."""

from __future__ import annotations

from typing import TypedDict

import streamlit as st

from core.convolution import inputs
from core.live.convolution.run import digits
from core.networks.stack import Stack, StackLayer, seen_pixels
from pages.parts.convolution import settings
from pages.shared import widgets
from pages.shared.component import component
from pages.shared.language import _


class ReachWords(TypedDict):
    """The words of the drawing; {i}, {j}, {n} … are filled in the browser."""

    picture: str
    units: str
    sees: str
    instructions: str


class ReachData(TypedDict):
    """What ``static/js/convolution/receptive_field.js`` gets: the pixels that a unit of row i and column j sees.

    They are those in ``rows[i]`` and ``columns[j]`` of the picture ``x``, whose ``size`` is (height, width).
    """

    x: list[float]
    size: list[int]
    units: list[int]
    rows: list[list[int]]
    columns: list[list[int]]
    labels: ReachWords


def show(stack: Stack) -> None:
    """Show the choice of a layer, its units, and the pixels that the unit under the pointer depends on."""
    layers = [layer for layer in stack.layers() if layer.output]
    usable = [layer.name for layer in layers if layer.row.kind != "flatten"]
    if not usable:
        return
    st.header(_("What a unit sees"), anchor=False)
    first = next((name for name in reversed(usable) if name.startswith(("pool", "conv"))), usable[0])
    name = widgets.choose(
        settings.REACH, _("Layer"), {name: name for name in usable}, start=first, widget=st.selectbox
    )
    depth = next(n for n, layer in enumerate(layers) if layer.name == name)
    _draw(layers[: depth + 1], stack)


def _draw(layers: list[StackLayer], stack: Stack) -> None:
    output = layers[-1].output
    assert output is not None
    units = list(output[1:]) if len(output) == 3 else [1, min(output[0], 64)]
    if len(output) == 3:
        rows = [seen_pixels(layers, (0, i, 0))[0] for i in range(units[0])]
        columns = [seen_pixels(layers, (0, 0, j))[1] for j in range(units[1])]
    else:
        pixels = seen_pixels(layers, (0,))
        rows, columns = [pixels[0]], [pixels[1]] * units[1]
    _channels, height, width = stack.input
    data: ReachData = {
        "x": inputs.resized(digits(0, 1), height, width).flatten().tolist(),
        "size": [height, width],
        "units": units,
        "rows": rows,
        "columns": columns,
        "labels": {
            "picture": _("Picture {height}×{width}", height=height, width=width),
            "units": _(
                "Units of {layer}, one channel: {rows}×{columns}",
                layer=layers[-1].name,
                rows=units[0],
                columns=units[1],
            ),
            "sees": _(
                "Unit ({i}, {j}) depends on {rows}×{columns} = {n} {n:pixel|pixels}.",
                i="{i}",
                j="{j}",
                rows="{rows}",
                columns="{columns}",
                n="{n}",
            ),
            "instructions": _("Receptive field: arrow keys move from unit to unit."),
        },
    }
    component("convolution/receptive_field")(data=data, key="convolution_reach_grid")
