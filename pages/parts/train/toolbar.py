"""The row of buttons: what starts a run is the page's, what steers one goes over the live channel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypedDict

import streamlit as st

from core.live.run.moment import Moment
from core.training.checkpoint_id import CheckpointId
from core.training.config import TrainConfig
from core.training.run_folder import RunFolder
from core.training.status import FINAL
from pages.parts.train import next_run, selection, steering
from pages.shared import keys, lessons, markdown, workspace
from pages.shared.component import component
from pages.shared.language import _

Act = Callable[[], None]  # what pressing a button does


class FocusData(TypedDict):
    """What ``static/js/train/focus.js`` is given: which control, and a text that is another for each time."""

    selector: str
    request: str


def for_new(config: TrainConfig | None) -> None:
    """Show the buttons for a run that is being prepared; ``config`` is None while a setting is impossible."""

    def starting_with(stretch: str) -> Act | None:
        return None if config is None else partial(next_run.ask, stretch)

    with _row():
        _button(_("Start"), "go", "play_arrow", starting_with(""), primary=True)
        _button(_("Pause"), "pause", "pause", None)
        _button(_("One batch"), "batch", "skip_next", starting_with("batch"))
        _button(_("One epoch"), "epoch", "fast_forward", starting_with("epoch"))
        _button(_("Stop"), "stop", "stop", None)
    _ready(config)


def _ready(config: TrainConfig | None) -> None:
    """Say what to press, and bring a reader whom a button below led here to Start."""
    origin = selection.origin()
    if origin and config:
        run, checkpoint_id = origin
        st.info(
            _(
                "Ready to continue from {checkpoint} of {run}, with learning rate {rate}: press Start.",
                checkpoint=checkpoint_id.checkpoint,
                run=markdown.plain(workspace.run_name(run)),
                rate=f"{config.learning_rate:g}",
            ),
            icon=":material/fork_right:",
        )
    else:
        st.caption(_("Press Start, or change a setting first. One batch shows a single update of the weights."))
    if request := st.session_state.get(keys.READY):
        data: FocusData = {"selector": ".st-key-train_go button", "request": request}
        component("train/focus")(data=data, key="train_focus")


def for_run(run: RunFolder, at: Moment) -> None:
    """Show the buttons for ``run`` in its present state; of a run that is over, only those that do something."""
    with _row():
        if at.status.state in FINAL:
            if at.status.state != "diverged":  # it reads nothing: what to try stands below (banner.py)
                _try(run)
        else:
            steering.buttons(run, at)
        st.button(
            _("New run"),
            key="train_new",
            icon=":material/add:",
            on_click=selection.prepare,
            args=(run,),
            help=_("Prepare another run with these settings. This one goes on, and you can come back to it."),
        )


def _try(run: RunFolder) -> None:
    """Lead a run that has ended to the Draw page."""
    checkpoints = run.checkpoints()
    if checkpoints:
        with st.container(key="train_try", width="content"):
            latest = CheckpointId(run.id, checkpoints[-1].name)
            lessons.link("draw", _("Try it with your own digit"), {keys.DRAW_NETWORK: str(latest)})


def _row() -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, gap="xsmall", key="train_toolbar")


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
