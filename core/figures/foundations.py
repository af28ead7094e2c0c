"""Figures of the foundations lessons: the loss surface over two weights with the path of a training."""

from __future__ import annotations

import plotly.graph_objects as go

from core.figures import palette
from core.foundations.fit_surface import Surface


def loss_surface(shape: Surface, names: tuple[str, str], words: dict[str, str]) -> go.Figure:
    """Draw the loss (logarithmic colours) over two weights, the path on it, its two ends and the true weights.

    ``words`` names "loss", "path", "start", "end", "target" and "iteration" in the reader's language.
    """
    log_loss = shape.losses.clamp(min=1e-12).log10()
    figure = go.Figure(
        go.Contour(
            x=shape.first.tolist(),
            y=shape.second.tolist(),
            z=log_loss.tolist(),
            customdata=shape.losses.tolist(),
            colorscale="Blues",
            ncontours=24,
            line={"width": 0.6, "color": "rgba(80, 80, 80, .45)"},
            colorbar={"title": {"text": words["loss"]}, "tickprefix": "1e", "thickness": 12},
            hovertemplate=f"{names[0]} %{{x:.3f}}<br>{names[1]} %{{y:.3f}}<br>"
            f"{words['loss']} %{{customdata:.3g}}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=shape.path[:, 0].tolist(),
        y=shape.path[:, 1].tolist(),
        mode="lines",
        line={"color": palette.NEGATIVE, "width": 2.5},
        customdata=shape.path_iterations.tolist(),
        hovertemplate=f"{words['iteration']} %{{customdata}}<br>%{{x:.4f}}, %{{y:.4f}}<extra></extra>",
        name=words["path"],
    )
    _marker(figure, shape.path[0].tolist(), "circle-open", words["start"])
    _marker(figure, shape.path[-1].tolist(), "circle", words["end"])
    _marker(figure, list(shape.target), "x", words["target"])
    figure.update_xaxes(title=names[0], range=[float(shape.first[0]), float(shape.first[-1])])
    figure.update_yaxes(title=names[1], range=[float(shape.second[0]), float(shape.second[-1])])
    figure.update_layout(
        height=460,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0},  # above it are a phone's buttons
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    return figure


def _marker(figure: go.Figure, at: list[float], symbol: str, name: str) -> None:
    figure.add_scatter(
        x=at[:1],
        y=at[1:],
        mode="markers",
        marker={"symbol": symbol, "size": 11, "color": palette.NEGATIVE, "line": {"width": 2}},
        name=name,
        hovertemplate=f"{name}<br>%{{x:.4f}}, %{{y:.4f}}<extra></extra>",
    )
