"""Beside a run: its name and settings, its learning rate to change, and what to do where it went wrong."""

from __future__ import annotations

import html

import streamlit as st

from core.errors import Refusal
from core.training.config import TrainConfig
from core.training.events import Diverged
from core.training.run_folder import RunFolder
from core.training.status import OVER, Status
from pages.parts.train import choice
from pages.shared import frame, keys, workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import _, prose, sentence

STYLE = """
<style>
.run-settings { display: grid; grid-template-columns: auto 1fr; gap: .2rem .8rem; margin: 0;
  padding: 0 !important; font-size: .9rem; }
.run-settings dt { opacity: .75; }
.run-settings dd { margin: 0 !important; overflow-wrap: anywhere; }
</style>
"""


def panel(run: RunFolder, status: Status) -> None:
    """Show the run's name, its learning rate and its settings."""
    st.subheader(_("This run"), anchor=False)
    st.text(run.name)
    if status.state not in OVER:
        _learning_rate(run, status)
    with st.expander(_("Settings"), expanded=True):
        _settings(run.config)


def _settings(config: TrainConfig) -> None:
    """Show all settings, name beside value."""
    cells = "".join(
        f"<dt>{html.escape(word)}</dt><dd>{html.escape(workspace.setting_value(name, config))}</dd>"
        for name, word in workspace.setting_words().items()
    )
    st.html(f'{STYLE}<dl class="run-settings">{cells}</dl>')


def _learning_rate(run: RunFolder, status: Status) -> None:
    """Let the learning rate be changed; the run takes it up with its next batch."""
    field = f"train_new_rate_{run.id}"
    with st.form("train_rate_form", border=False):
        st.number_input(
            _("Learning rate from the next batch on"),
            value=status.learning_rate or run.config.learning_rate,
            step=0.001,
            format="%g",
            key=field,
            help=_("The curve gets a mark where it changed, and the run's script changes it at the same batch."),
        )
        st.form_submit_button(_("Apply"), on_click=_change_rate, args=(run.id, field), key="train_rate_apply")


def _change_rate(run_id: str, field: str) -> None:
    try:
        value = st.session_state[field]
        jobs().command(run_id, "learning_rate", value=value)
    except Refusal as refusal:
        st.session_state[keys.NOTICE] = refusal


def message(run: RunFolder, status: Status) -> None:
    """Say what the state means, in one line that is always there, and offer the way on where it is not plain."""
    st.caption(_state_in_words(run, status))
    if status.state == "diverged":
        _diverged(run)
    elif status.state == "interrupted":
        _resume(run)
    if refusal := status.refusal:
        st.error(frame.plain(sentence(refusal)))


def _state_in_words(run: RunFolder, status: Status) -> str:
    if status.state == "waiting" and (jobs().place(run.id) or 1) > 1:
        return _("Other runs have all the processor cores. This one starts by itself when it is its turn.")
    return {
        "waiting": _("It starts in a moment, in a process of its own."),
        "running": _("You can go to another page or close the tab: the run goes on, and this page comes back."),
        "paused": _("Paused, and saved. Resume goes on exactly here; the learning rate can be changed first."),
        "interrupted": _("Interrupted: its process ended before the last epoch. Everything up to there is kept."),
        "finished": _("Finished. Go on from any of its checkpoints, or draw a digit and see what it reads."),
        "stopped": _("Stopped, and saved. Resume goes on exactly here."),
        "diverged": _("Diverged: the loss is NaN or infinite. Here is why, and what to try."),
    }[status.state]


def _resume(run: RunFolder) -> None:
    st.button(
        _("Resume exactly where it was"),
        key="train_resume_interrupted",
        type="primary",
        on_click=_take_up,
        args=(run.id,),
    )


def _take_up(run_id: str) -> None:
    try:
        jobs().resume(run_id, owner=owner())
    except Refusal as refusal:
        st.session_state[keys.NOTICE] = refusal


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
            args=(run, "", smaller),
        )
        if event.checkpoint:
            st.button(
                _("Continue from {checkpoint} with {rate}", checkpoint=event.checkpoint, rate=f"{smaller:g}"),
                key="train_retry_checkpoint",
                on_click=_prepare,
                args=(run, event.checkpoint, smaller),
            )


def _prepare(run: RunFolder, checkpoint: str, learning_rate: float) -> None:
    choice.prepare(run, checkpoint, learning_rate=learning_rate)


def _last_events(run: RunFolder) -> list[tuple[int, object]]:
    """Return the end of the run's history, where a divergence stands."""
    found: list[tuple[int, object]] = []
    after = -1
    while page := run.events(after):
        found = page
        after = page[-1][0]
    return found
