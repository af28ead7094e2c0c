"""Charts that are redrawn in place, in the browser: live curves that keep the reader's zoom, and other figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from core.figures import live_chart as figures
from core.figures.curves import Curve
from core.message import pack
from pages.shared.component import component
from pages.shared.language import _, current

if TYPE_CHECKING:  # the first page needs none
    from core.figures.graph_objects import go

CSS = """
.live-chart { position: relative; width: 100%; }
.live-chart-plot { width: 100%; height: max(var(--live-chart-height, 360px), var(--live-chart-least, 0px)); }
.live-chart:focus-within { outline: none; }
.live-chart-plot:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.live-chart-legend { display: flex; flex-wrap: wrap; gap: 0 1rem; min-height: 1.75rem;
  font-family: var(--st-font); }
.live-chart-legend button { all: unset; cursor: pointer; font-size: .85rem; color: var(--st-text-color);
  overflow-wrap: anywhere; padding: .15rem 0; }
.live-chart-legend button:focus-visible { outline: 2px solid var(--st-primary-color); }
.live-chart-legend button[aria-pressed=false] { opacity: .45; text-decoration: line-through; }
.live-chart-legend i { display: inline-block; width: 1.1rem; height: .2rem; margin-right: .4rem;
  vertical-align: middle; border-radius: .1rem; }
.live-chart-note { position: absolute; inset: 0; display: flex; align-items: center; justify-content: center;
  text-align: center; padding: 0 1.5rem 0 5rem; pointer-events: none; color: var(--st-text-color); opacity: .75; }
.live-chart-said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.live-chart-plot .xtick text, .live-chart-plot .ytick text, .live-chart-plot .xtitle, .live-chart-plot .ytitle,
.live-chart-plot .annotation-text, .live-chart-plot .hovertext text, .live-chart-plot .legendtext
  { fill: var(--st-text-color) !important; }
.live-chart-plot .gridlayer path, .live-chart-plot .zerolinelayer path
  { stroke: var(--st-border-color) !important; }
"""


class FigureData(TypedDict):
    """What ``static/js/charts/figure.js`` is given: a figure as Plotly writes it, and what it is called."""

    figure: str
    alt: str


def redrawn_figure(figure: go.Figure, *, key: str, alt: str) -> None:
    """Show ``figure``, redrawn in place when it changes, where ``st.plotly_chart`` would mount another."""
    data: FigureData = {"figure": figure.to_json(), "alt": alt}
    component("charts/figure", css=CSS, isolate_styles=False)(data=data, key=key)


def live_chart(curves: Sequence[Curve], *, key: str, **options: Any) -> None:
    """Show ``curves`` as ``core.figures.live_chart`` prepares them with ``options``."""
    header, arrays = figures.live_chart(curves, **options)
    data = pack({**header, "language": current(), "words": words()}, arrays)
    component("charts/live_chart", css=CSS, isolate_styles=False)(data=data, key=key)


def words() -> dict[str, str]:
    """The words of the chart's own buttons, by Plotly's English ones."""
    return {
        "tools": _("Tools of the chart"),
        "aria": _("Chart. Arrow keys read out the points, plus and minus zoom, 0 shows everything."),
        "Zoom": _("Zoom"),
        "Pan": _("Pan"),
        "Reset axes": _("Show everything"),
        "Download plot as a PNG": _("Download as a picture"),
        "Double-click to zoom back out": _("Double-click to zoom back out"),
    }
