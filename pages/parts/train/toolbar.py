"""Start, pause, resume, one batch, one epoch, stop: buttons that are enabled when they mean something."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypedDict

import streamlit as st

from core.training.checkpoint_id import CheckpointId
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from core.training.status import FINAL, OVER, Status
from pages.parts.train import choice, notice, starting
from pages.shared import keys, lessons, markdown
from pages.shared.component import component
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

RESUMABLE = ("paused", "interrupted", "stopped")
ENDABLE = ("running", "paused", "waiting")
Act = Callable[[], None]  # what pressing a button does


class FocusData(TypedDict):
    """What ``static/js/train/focus.js`` is given: which control, and a text that is another for each time."""

    selector: str
    asked: str


def for_new(config: TrainConfig | None) -> None:
    """Show the buttons for a run that is being prepared; ``config`` is None while a setting is impossible."""

    def starting_with(stretch: str) -> Act | None:
        return None if config is None else partial(starting.ask, stretch)

    with _row():
        _button(_("Start"), "go", "play_arrow", starting_with(""), primary=True)
        _button(_("Pause"), "pause", "pause", None)
        _button(_("One batch"), "batch", "skip_next", starting_with("batch"))
        _button(_("One epoch"), "epoch", "fast_forward", starting_with("epoch"))
        _button(_("Stop"), "stop", "stop", None)
    _ready(config)


def _ready(config: TrainConfig | None) -> None:
    """Say what to press, and bring a reader whom a button below led here to Start."""
    origin = choice.origin()
    if origin and config:
        run, wanted = origin
        st.info(
            _(
                "Ready to continue from {checkpoint} of {run}, with learning rate {rate}: press Start.",
                checkpoint=wanted.checkpoint,
                run=markdown.plain(run.name),
                rate=f"{config.learning_rate:g}",
            ),
            icon=":material/fork_right:",
        )
    else:
        st.caption(_("Press Start, or change a setting first. One batch shows a single update of the weights."))
    if asked := st.session_state.get(keys.READY):
        data: FocusData = {"selector": ".st-key-train_go button", "asked": asked}
        component("train/focus")(data=data, key="train_focus")


def for_run(run: RunFolder, status: Status) -> None:
    """Show the buttons for ``run`` in its present state; of a run that is over, only those that do something."""
    state, over = status.state, status.state in OVER
    mine = not jobs().elsewhere(run.id)

    def command(do: str, possible: bool) -> Act | None:
        return partial(_command, run.id, do) if mine and possible else None

    with _row():
        if state in FINAL:
            _try(run)
        else:
            word = _("Resume") if state in RESUMABLE else _("Start")
            resume = partial(_resume, run.id) if mine and state in RESUMABLE else None
            _button(word, "go", "play_arrow", resume, primary=True)
        if not over:
            _button(_("Pause"), "pause", "pause", command("pause", state == "running"))
            _button(_("One batch"), "batch", "skip_next", command("batch", state == "paused"))
            _button(_("One epoch"), "epoch", "fast_forward", command("epoch", state == "paused"))
            _button(_("Stop"), "stop", "stop", command("stop", state in ENDABLE))
        st.button(
            _("New run"),
            key="train_new",
            icon=":material/add:",
            on_click=choice.prepare,
            args=(run,),
            help=_("Prepare another run with these settings. This one goes on, and you can come back to it."),
        )


def _try(run: RunFolder) -> None:
    """Lead a run that has ended to the Draw page."""
    kept = run.checkpoints()
    if kept:
        with st.container(key="train_try", width="content"):
            latest = CheckpointId(run.id, kept[-1].name)
            lessons.link("draw", _("Try it with your own digit"), {keys.DRAW_NETWORK: str(latest)})


def _row() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, gap="small", key="train_toolbar")


def _button(label: str, name: str, icon: str, act: Act | None, primary: bool = False) -> None:
    """Show a button that does ``act``; None disables it."""
    st.button(
        label,
        key=f"train_{name}",
        on_click=act,
        disabled=act is None,
        type="primary" if primary else "secondary",
        icon=f":material/{icon}:",
    )


def _resume(run_id: str) -> None:
    with notice.kept():
        jobs().resume(run_id, owner=owner())


def _command(run_id: str, do: str) -> None:
    st.session_state[keys.ASKED] = (run_id, do)
    with notice.kept():
        jobs().command(run_id, do)
