"""Start, pause, resume, one batch, one epoch, stop: buttons that are enabled when they mean something."""

from __future__ import annotations

import streamlit as st

from core.errors import Refusal
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from core.training.status import Status
from pages.parts.train import choice, starting
from pages.shared import keys, workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

RESUMABLE = ("paused", "interrupted", "stopped")
STEPPABLE = ("paused",)
ENDABLE = ("running", "paused", "waiting")


def for_new(config: TrainConfig | None) -> None:
    """Show the buttons for a run that is being prepared; ``config`` is None while a setting is impossible."""
    ready = config is not None
    with _row():
        _button(_("Start"), "go", ready, _start, (config,), primary=True, icon="play_arrow")
        _button(_("Pause"), "pause", False, _nothing, icon="pause")
        _button(_("One batch"), "batch", ready, _start, (config, "batch"), icon="skip_next")
        _button(_("One epoch"), "epoch", ready, _start, (config, "epoch"), icon="fast_forward")
        _button(_("Stop"), "stop", False, _nothing, icon="stop")


def for_run(run: RunFolder, status: Status) -> None:
    """Show the buttons for ``run`` in its present state."""
    state = status.state
    over = state in ("finished", "diverged")
    with _row():
        word = _("Start") if over or state in ("running", "waiting") else _("Resume")
        _button(word, "go", state in RESUMABLE, _resume, (run.id,), primary=True, icon="play_arrow")
        _button(_("Pause"), "pause", state == "running", _command, (run.id, "pause"), icon="pause")
        _button(_("One batch"), "batch", state in STEPPABLE, _command, (run.id, "batch"), icon="skip_next")
        _button(_("One epoch"), "epoch", state in STEPPABLE, _command, (run.id, "epoch"), icon="fast_forward")
        _button(_("Stop"), "stop", state in ENDABLE, _command, (run.id, "stop"), icon="stop")
        st.button(
            _("New run"),
            key="train_new",
            icon=":material/add:",
            on_click=choice.prepare,
            args=(run,),
            help=_("Prepare another run with these settings. This one goes on, and you can come back to it."),
        )


def notice() -> None:
    """Say once why the last press of a button came to nothing."""
    refusal = st.session_state.pop(keys.NOTICE, None)
    if refusal is not None:
        workspace.say(refusal)


def _row() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, gap="small", key="train_toolbar")


def _button(label, name, enabled, act, args=(), primary=False, icon=""):  # type: ignore[no-untyped-def]
    st.button(
        label,
        key=f"train_{name}",
        on_click=act,
        args=args,
        disabled=not enabled,
        type="primary" if primary else "secondary",
        icon=f":material/{icon}:",
    )


def _nothing() -> None:
    """A button that is disabled has nothing to do."""


def _start(config: TrainConfig, stretch: str = "") -> None:
    try:
        choice.show(starting.start(config, stretch))
    except Refusal as refusal:
        st.session_state[keys.NOTICE] = refusal


def _resume(run_id: str) -> None:
    try:
        jobs().resume(run_id, owner=owner())
    except Refusal as refusal:
        st.session_state[keys.NOTICE] = refusal


def _command(run_id: str, do: str) -> None:
    try:
        jobs().command(run_id, do)
    except Refusal as refusal:
        st.session_state[keys.NOTICE] = refusal
