"""What belongs to one run: its learning rate, its name and settings, and what to do where it went wrong."""

from __future__ import annotations

import html

import streamlit as st

from core.live.run.moment import Moment
from core.training.checkpoint_id import CheckpointId
from core.training.events import Diverged, Event
from core.training.run_folder import RunFolder
from core.training.status import Status
from pages.parts.train import notice, selection, steering
from pages.shared import machine_sentences, markdown, workspace
from pages.shared.jobs import jobs
from pages.shared.language import _, prose, sentence

STYLE = """
<style>
.run-settings { columns: 17rem; column-gap: 2rem; margin: 0; padding: 0 !important; font-size: .9rem; }
.run-settings div { display: grid; grid-template-columns: 1.2fr 1fr; gap: .8rem;
  padding-bottom: .2rem; break-inside: avoid; }
.run-settings dt { opacity: .75; }
.run-settings dd { margin: 0 !important; overflow-wrap: anywhere; }
</style>
"""


def rate(run: RunFolder, at: Moment) -> None:
    """Show the learning rate of a run that can take another one."""
    if "learning_rate" in at.commands:
        steering.rate(run, at)


def panel(run: RunFolder) -> None:
    """Show the run's name and its settings."""
    st.header(_("This run"), anchor=False)
    st.text(workspace.run_name(run))
    machine_sentences.show(run)
    with st.expander(_("Settings"), expanded=True):
        _settings(run)


def _settings(run: RunFolder) -> None:
    """Show all settings, name beside value."""
    values = {name: workspace.setting_value(name, run.config) for name in workspace.setting_words()}
    if changes := workspace.rate_changes(run):
        values["learning_rate"] += ", " + changes
    cells = "".join(
        f"<div><dt>{html.escape(word)}</dt><dd>{html.escape(values[name])}</dd></div>"
        for name, word in workspace.setting_words().items()
    )
    st.html(f'{STYLE}<dl class="run-settings">{cells}</dl>')


def message(run: RunFolder, status: Status) -> None:
    """Say what the state means, in one line that is always there, and offer the way on where it is not plain."""
    if status.state == "finished":
        st.success(_success(run, status), icon=":material/check:")
    else:
        st.caption(_state_in_words(run, status))
    if status.state == "diverged":
        _diverged(run)
    if error := status.error:
        st.error(markdown.plain(sentence(error)))


def _success(run: RunFolder, status: Status) -> str:
    return _(
        "Finished: after epoch {epoch}, {accuracy} of the test images are read right.",
        epoch=status.epoch,
        accuracy="–" if status.accuracy is None else f"{status.accuracy:.2%}",
    ) + _stopped_early(run, status)


def _stopped_early(run: RunFolder, status: Status) -> str:
    """Say why a run ended before its last epoch; "" where it did not."""
    if status.step >= status.steps or not run.config.patience:
        return ""
    return " " + _(
        "It stopped early: the test loss did not improve in the last {count} {count:epoch|epochs}.",
        count=run.config.patience,
    )


def _state_in_words(run: RunFolder, status: Status) -> str:
    if status.state in ("running", "waiting") and jobs().elsewhere(run.id):
        return _("Another Stepwise trains this run. Here you can watch it; pause and steer it there.")
    if status.state == "waiting" and (jobs().place(run.id) or 1) > 1:
        return _("Other runs have all the processor cores. This one starts by itself when it is its turn.")
    if (
        status.state == "paused"
        and (rate := f"{run.learning_rate_at(status.step):g}") != f"{status.learning_rate:g}"
    ):
        return _("Paused, and saved. From the next batch on the learning rate is {rate}.", rate=rate)
    return {
        "waiting": _("It starts in a moment, in a process of its own."),
        "running": _("You can go to another page or close the tab: the run goes on, and this page comes back."),
        "paused": _("Paused, and saved. Resume goes on exactly here; the learning rate can be changed first."),
        "interrupted": _(
            "Interrupted: its process ended before the last epoch. Everything up to there is kept, and Resume goes"
            " on exactly there."
        ),
        "stopped": _("Stopped, and saved. Resume goes on exactly here."),
        "diverged": _("Diverged: the loss is NaN or infinite. Here is why, and what to try."),
    }[status.state]


def _diverged(run: RunFolder) -> None:
    """Explain a loss that is no longer a number, and offer to try with a smaller step."""
    event = next((event for _number, event in reversed(_last_events(run)) if isinstance(event, Diverged)), None)
    if event is None:
        return
    what = _("NaN (not a number)") if event.what == "nan" else _("infinite")
    st.error(
        _(
            "The run diverged: after batch {step}, at learning rate {rate}, the loss became {what}.",
            step=event.step,
            rate=f"{event.learning_rate:g}",
            what=what,
        )
    )
    st.markdown(prose("train", "diverged"))
    smaller = event.learning_rate / 10
    with st.container(horizontal=True):
        st.button(
            _("Start again with learning rate {rate}", rate=f"{smaller:g}"),
            key="train_retry",
            type="primary",
            on_click=_prepare,
            args=(run, None, smaller),
        )
        if event.checkpoint:
            st.button(
                _("Continue from {checkpoint} with {rate}", checkpoint=event.checkpoint, rate=f"{smaller:g}"),
                key="train_retry_checkpoint",
                on_click=_prepare,
                args=(run, CheckpointId(run.id, event.checkpoint), smaller),
            )


def _prepare(run: RunFolder, origin: CheckpointId | None, learning_rate: float) -> None:
    with notice.keep_error():
        selection.prepare(run, origin, learning_rate=learning_rate)


def _last_events(run: RunFolder) -> list[tuple[int, Event]]:
    """Return the end of the run's history, where a divergence stands."""
    events: list[tuple[int, Event]] = []
    after = -1
    while page := run.events(after):
        events = page
        after = page[-1][0]
    return events
