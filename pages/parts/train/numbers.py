"""The numbers of a run in a row that never changes its shape."""

from __future__ import annotations

import html

import streamlit as st

from core.figures import palette
from core.training.status import Status
from pages.shared import workspace
from pages.shared.language import _

STYLE = f"""
<style>
.run-numbers {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(5.9rem, 1fr)); gap: .3rem .6rem;
  margin: 0; padding: 0 !important; font-variant-numeric: tabular-nums; }}
.run-numbers div {{ min-width: 0; }}
.run-numbers dt {{ font-size: .78rem; opacity: .75; margin: 0; white-space: nowrap; }}
.run-numbers dd {{ font-size: 1.05rem; margin: 0 !important; padding: 0; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }}
.run-numbers small {{ font-size: .78rem; opacity: .75; }}
.run-progress {{ height: .5rem; margin-top: .6rem; border-radius: .25rem; overflow: hidden;
  background: #8883; }}
.run-progress i {{ display: block; height: 100%; background: {palette.POSITIVE}; }}
/* Nothing moves when the chart comes, and a slow moment must not make it fade. */
.st-key-train_chart {{ min-height: 21rem; }}
.st-key-train_live [data-stale=true] {{ opacity: 1 !important; transition: none !important; }}
/* Streamlit's own Stop ends the page's script, not the run. */
[data-testid=stStatusWidget] {{ display: none; }}
</style>
"""


def style() -> None:
    """Send what the numbers look like, once a page and not with every look."""
    st.html(STYLE)


def show(status: Status, state: str, next_rate: float | None = None) -> None:
    """Show ``state``, progress and the latest numbers; a dash where there is none yet.

    ``next_rate`` is the learning rate of the next batch where it is another one already.
    """
    tested = _tested(status)
    shown = {
        _("State"): (state, ""),
        _("Epoch"): (f"{status.epoch}" if status.step else "–", ""),
        _("Batch"): (f"{status.step:,} / {status.steps:,}" if status.steps else "–", ""),
        _("Training loss"): (decimal(status.loss), ""),
        _("Test accuracy"): ("–" if status.accuracy is None else f"{status.accuracy:.2%}", tested),
        _("Test loss"): (decimal(status.test_loss), tested),
        _("Learning rate"): (_rate(status, next_rate), ""),
        _("Images a second"): (_speed(status), ""),
        _("Time left"): (workspace.duration(status.seconds_left), ""),
    }
    cells = "".join(_cell(name, *texts) for name, texts in shown.items())
    st.html(f'<dl class="run-numbers" data-testid="run-numbers">{cells}</dl>{_bar(min(status.progress, 1.0))}')


def _cell(name: str, text: str, remark: str) -> str:
    said = f"<dd><small>{html.escape(remark)}</small></dd>" if remark else ""
    return f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>{said}</div>"


def _tested(status: Status) -> str:
    """Return when the latest test was, which may be long ago."""
    if status.tested is None:
        return ""
    return _("after epoch {epoch}", epoch=status.tested) if status.tested else _("before training")


def _rate(status: Status, next_rate: float | None) -> str:
    if not status.steps:
        return "–"
    now = f"{status.learning_rate:g}"
    coming = now if next_rate is None else f"{next_rate:g}"
    return now if coming == now else f"{now} → {coming}"


def _speed(status: Status) -> str:
    return "–" if status.examples_per_second is None else f"{status.examples_per_second:,.0f}"


def _bar(share: float) -> str:
    """Return the progress as a bar; together with the numbers it is one element of the page."""
    percent = f"{100 * share:.1f}"
    return (
        f'<div class="run-progress" role="progressbar" aria-valuenow="{percent}" aria-label="{_("Progress")}">'
        f'<i style="width:{percent}%"></i></div>'
    )


def decimal(value: float | None) -> str:
    """Return a loss with four decimals; one that runs away as a power of ten."""
    if value is None:
        return "–"
    return f"{value:.4f}" if abs(value) < 10_000 else f"{value:.2e}"
