"""Figures of settings before a run: the learning rate over its batches, digits before and after augmentation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.figures import palette
from core.figures.graph_objects import go


def rate_curve(steps: Sequence[int], rates: Sequence[float], batch: str, rate: str) -> go.Figure:
    """Draw the learning rate of each batch; ``batch`` and ``rate`` name the axes."""
    line = go.Scatter(
        x=list(steps),
        y=list(rates),
        line={"color": palette.POSITIVE, "width": 2},
        hovertemplate=f"{batch} %{{x}}: %{{y:.4g}}<extra></extra>",
    )
    figure = go.Figure(line)
    figure.update_xaxes(title=batch, fixedrange=True)
    figure.update_yaxes(title=rate, rangemode="tozero", fixedrange=True)
    return figure.update_layout(height=190, margin={"l": 56, "r": 8, "t": 8, "b": 42}, dragmode=False)


def digit_rows(rows: NDArray[np.float32]) -> go.Figure:
    """Draw rows of images below each other on one grey scale: (rows, images, height, width)."""
    board = np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)
    figure = go.Figure(
        go.Heatmap(z=board, colorscale="Greys", reversescale=True, showscale=False, hoverinfo="skip")
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", fixedrange=True)
    return figure.update_layout(height=120, margin={"l": 0, "r": 0, "t": 4, "b": 4}, dragmode=False)
