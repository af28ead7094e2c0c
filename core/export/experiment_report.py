"""An experiment as files: a report in one HTML file that needs no server, and its runs as CSV."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass

from core.experiments.group import Experiment
from core.experiments.results import outcomes
from core.figures.graph_objects import go

STYLE = """
body { font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
td, th { padding: .2rem .8rem; border-bottom: 1px solid #ccc; text-align: left; word-break: keep-all; }
pre { background: #f5f5f5; padding: 1rem; overflow-x: auto; } blockquote { border-left: 3px solid #1f6feb;
margin: 0; padding-left: 1rem; }
@media (max-width: 30rem) { td, th { padding: .2rem .3rem; font-size: .9rem; } }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; } body { color: #ddd; background: #14171c; } pre { background: #23272e; }
  td, th { border-color: #555; }
  .js-plotly-plot :is(.xtick, .ytick, .g-xtitle, .g-ytitle, .legend, .annotation) text { fill: #ddd !important; }
  .js-plotly-plot .gridlayer path { stroke: #555 !important; }
}
"""
CLEAR = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}  # the page's own is behind a figure


@dataclass(frozen=True)
class Report:
    """What stands in the report, in the reader's language.

    ``hypothesis`` is what the reader typed; ``settings`` and ``runs`` are tables, ``runs`` with a head.
    """

    language: str
    title: str
    hypothesis: str
    settings_title: str
    settings: list[tuple[str, str]]
    conclusions: list[str]
    rule: str
    figures: list[tuple[str, go.Figure]]
    runs: list[list[str]]
    script_title: str
    script: str


def page(report: Report) -> str:
    """Return the report as HTML; plotly's JavaScript is in it, so that its pictures need no network."""
    parts = [
        f"<h1>{_text(report.title)}</h1>",
        f"<blockquote>{_text(report.hypothesis)}</blockquote>" if report.hypothesis else "",
        "<ul>" + "".join(f"<li>{_text(each)}</li>" for each in report.conclusions) + "</ul>",
        f"<p>{_text(report.rule)}</p>",
    ]
    for index, (title, figure) in enumerate(report.figures):
        plot = go.Figure(figure).update_layout(CLEAR).to_html(full_html=False, include_plotlyjs=index == 0)
        parts.append(f"<h2>{_text(title)}</h2>{plot}")
    parts += [_table(report.runs, head=True), f"<h2>{_text(report.settings_title)}</h2>"]
    parts.append(_table([list(pair) for pair in report.settings]))
    parts.append(
        f"<details><summary>{_text(report.script_title)}</summary><pre>{_text(report.script)}</pre></details>"
    )
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{report.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{_text(report.title)}</title><style>{STYLE}</style></head>\n<body>{body}</body></html>\n"
    )


def _table(rows: list[list[str]], head: bool = False) -> str:
    """Return a table; ``head``: its first row names the columns."""
    lines = []
    for number, row in enumerate(rows):
        cell = "th" if head and number == 0 else "td"
        lines.append("<tr>" + "".join(f"<{cell}>{_text(value)}</{cell}>" for value in row) + "</tr>")
    return "<table>" + "".join(lines) + "</table>"


def _text(text: str) -> str:
    return html.escape(text)


def runs_csv(experiment: Experiment) -> bytes:
    """Return a line for each run: its values of the axes, seed, id, state, and its last test; UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(
        [*experiment.plan.settings, "seed", "run", "state", "test_accuracy", "best_accuracy", "test_loss"]
    )
    for outcome in outcomes(experiment):
        for run in outcome.results:
            numbers = ("" if value is None else value for value in (run.accuracy, run.best_accuracy, run.loss))
            writer.writerow([*outcome.values, run.seed, run.run, run.state, *numbers])
    return text.getvalue().encode()
