"""Figures of a trained network: confusion matrix, accuracy of each digit, filters of the first layer."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.figures import palette
from core.figures.graph_objects import go

LARGEST_MATRIX = 560  # pixels of its height; where the page is narrower it stays square
MARGIN = {"l": 58, "r": 8, "t": 12, "b": 46}
Numbers = NDArray[np.floating] | NDArray[np.integer]


def confusion_matrix(confusion: Numbers, truth: str, answer: str, count: str) -> go.Figure:
    """Show how often each digit (rows) was read as each digit (columns); ``confusion`` is (10, 10) counts.

    The colour is the share of the row on a square-root scale, so that the few mistakes beside the many right
    answers can be seen. ``truth``, ``answer`` and ``count`` name rows, columns and numbers.
    """
    share = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    digits = [str(digit) for digit in range(len(confusion))]
    figure = go.Figure(
        go.Heatmap(
            z=np.sqrt(share),
            x=digits,
            y=digits,
            text=np.where(confusion > 0, confusion.astype(str), ""),
            texttemplate="%{text}",
            textfont={"color": palette.ON_COUNTS},
            customdata=np.stack([confusion, share], axis=-1),
            hovertemplate=f"{truth} %{{y}}<br>{answer} %{{x}}<br>{count} %{{customdata[0]}}"
            " (%{customdata[1]:.2%})<extra></extra>",
            colorscale=palette.COUNTS,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=1,
            ygap=1,
        )
    )
    figure.update_xaxes(title=answer, side="top", type="category", fixedrange=True, constrain="domain")
    figure.update_yaxes(title=truth, autorange="reversed", type="category", fixedrange=True, constrain="domain")
    figure.update_yaxes(scaleanchor="x")
    return _framed(figure, LARGEST_MATRIX, {"l": 48, "r": 8, "t": 54, "b": 8}).update_layout(meta={"square": True})


def per_class_accuracy(confusion: Numbers, digit: str, accuracy: str) -> go.Figure:
    """Show, for each digit, the share of its images that were read right: diagonal / row sum.

    A digit with no images has no bar. ``digit`` and ``accuracy`` name the axes.
    """
    totals = confusion.sum(axis=1)
    right = np.diagonal(confusion)
    with np.errstate(invalid="ignore"):
        shares = right / np.where(totals > 0, totals, np.nan)
    figure = go.Figure(
        go.Bar(
            x=[str(number) for number in range(len(confusion))],
            y=shares,
            marker_color=palette.POSITIVE,
            text=[f"{share:.1%}" if np.isfinite(share) else "" for share in shares],
            textposition="inside",
            textangle=0,
            insidetextanchor="end",
            textfont={"color": "white"},
            customdata=np.stack([right, totals], axis=-1),
            hovertemplate=f"{digit} %{{x}}<br>%{{customdata[0]}} / %{{customdata[1]}}<extra></extra>",
        )
    )
    figure.update_xaxes(title=digit, type="category", fixedrange=True)
    figure.update_yaxes(title=accuracy, range=[0, 1], tickformat=".0%", fixedrange=True)
    return _framed(figure, 300)


def first_layer_filters(weight: Numbers, filter_word: str, columns: int = 5) -> go.Figure:
    """Show the filters of a first convolution, one tile each, all on one zero-centred colour scale.

    ``weight`` is (out_channels, 1, height, width). ``filter_word`` stands before the number of a filter.
    """
    tiles = weight[:, 0]  # (out_channels, 1, height, width) -> (out_channels, height, width)
    count, height, width = tiles.shape
    rows = -(-count // columns)
    board = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    which = np.full((*board.shape, 3), 0)
    for number, tile in enumerate(tiles):
        top, left = (number // columns) * (height + 1), (number % columns) * (width + 1)
        board[top : top + height, left : left + width] = tile
        place = np.moveaxis(np.indices((height, width)), 0, -1)
        which[top : top + height, left : left + width] = np.concatenate(
            [np.full((height, width, 1), number), place], axis=-1
        )
    bound = palette.bound([float(np.abs(tiles).max())])
    hover = (
        f"{filter_word} %{{customdata[0]}} [%{{customdata[1]}}, %{{customdata[2]}}]<br>%{{z:.6f}}<extra></extra>"
    )
    figure = go.Figure(
        go.Heatmap(
            z=board,
            customdata=which,
            hovertemplate=hover,
            hoverongaps=False,
            colorscale=palette.SIGNED,
            zmin=-bound,
            zmax=bound,
            colorbar={"thickness": 10, "tickvals": [-bound, 0, bound], "tickformat": ".3f"},
        )
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", fixedrange=True)
    return _framed(figure, 240, {"l": 4, "r": 4, "t": 8, "b": 8})


def _framed(figure: go.Figure, height: int, margin: dict[str, int] | None = None) -> go.Figure:
    """Give the figure a fixed height, so that the page does not jump when it is drawn again."""
    return figure.update_layout(height=height, margin=margin or MARGIN, dragmode=False)


def share_of_truth(loss: float) -> str:
    """Return the probability that the network gave to the truth, p = exp(-loss), as a percentage.

    The loss of one image is -log p, so the probability can be read back from it.
    """
    return f"{math.exp(-loss):.2g}" if loss > 9 else f"{math.exp(-loss):.2%}"
