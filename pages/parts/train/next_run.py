"""Starting a run from what the controls say: new weights, a checkpoint, or the user's files."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.errors import InvalidSetting
from core.file_kind import NamedFile
from core.training import device
from core.training.checkpoint_id import CheckpointId
from core.training.config import Batches, TrainConfig
from core.training.run_folder import NAME_MAX
from core.training.schedule import Schedule
from pages.parts.train import form, notice, selection
from pages.shared import keys, press, text_fields, workspace
from pages.shared.jobs import jobs, owner
from pages.shared.language import _

MODEL, OPTIMIZER, NAME = "train_model_file", "train_optimizer_file", "train_name"


def panel() -> TrainConfig | None:
    """Show where the next run starts from and its settings; None while they are impossible."""
    st.header(_("The next run"), anchor=False)
    origin = selection.origin()
    locked = None
    if origin:
        run, checkpoint_id = origin
        locked = run.config
        st.info(_("Continues from {checkpoint} of:", checkpoint=checkpoint_id.checkpoint))
        st.text(workspace.run_name(run))
        st.button(_("Start from new weights instead"), key="train_forget_origin", on_click=_forget_origin)
    try:
        config = form.settings(datasets.available(), _devices(), locked)
    except InvalidSetting as error:
        workspace.say(error)
        return None
    _facts(config)
    text_fields.show(
        st.text_input,
        _("Name of the run"),
        NAME_MAX,
        NAME,
        persist_state="session",
        placeholder=_("from the settings"),
        help=_("Any name you like."),
    )
    if not origin:
        _files()
    return config


def _forget_origin() -> None:
    st.session_state[keys.ORIGIN] = ""


def _files() -> None:
    with st.expander(_("Start from your own files")):
        st.caption(
            _(
                "A model.pth with a state_dict, saved here or by your own code, or safetensors. Add the "
                "optimizer.pth to keep the momentum, too. The files are checked before anything starts."
            )
        )
        # Any file may come, under any name: what it is, is told by its content, in the reader's language.
        st.file_uploader("model.pth", key=MODEL)
        st.file_uploader("optimizer.pth", key=OPTIMIZER)


@st.cache_resource(show_spinner=False)
def _devices() -> tuple[str, ...]:
    return device.devices()


def _facts(config: TrainConfig) -> None:
    """Say what epochs and batch size come to."""
    examples, _tested = workspace.IMAGES[config.dataset]
    table = Schedule.of(config, examples)
    st.caption(
        _(
            "{examples} {examples:image|images} in batches of {batch}: the weights change {updates} "
            "{updates:time|times} an epoch, {steps} {steps:time|times}"
            " in all.",
            examples=f"{examples:,}",
            batch=f"{config.batch_size:,}",
            updates=f"{table.batches_per_epoch:,}",
            steps=f"{table.steps:,}",
        )
    )


def ask(stretch: str) -> None:
    """Let the run of the page that sees the press start; ``stretch`` is that of ``start``. For callbacks.

    A callback knows the settings of the last run alone, and a number may have been typed right before the press.
    """
    press.keep(keys.START_PRESSED, stretch)


def begin(config: TrainConfig | None) -> None:
    """Start what was asked for, with the settings that the page reads now; impossible ones start nothing."""
    pending_press = press.pending(keys.START_PRESSED)
    if pending_press is None:
        return
    if config is not None:
        with notice.keep_error():
            selection.show(pending_press.once(lambda: start(config, pending_press.value)))
            press.forget(keys.START_PRESSED)
            st.rerun()
    press.forget(keys.START_PRESSED)


def start(config: TrainConfig, stretch: str = "") -> str:
    """Start the run and return its id; ``stretch`` "batch" or "epoch" pauses it after one."""
    batches: Batches = 1 if stretch == "batch" else "epoch" if stretch == "epoch" else None
    name = (st.session_state.get(NAME) or "").strip()
    if origin := st.session_state.get(keys.ORIGIN):
        checkpoint_id = CheckpointId.parse(origin)
        return jobs().continue_from(
            checkpoint_id.run, checkpoint_id.checkpoint, config, name=name, owner=owner(), batches=batches
        )
    model, optimizer = _content(MODEL), _content(OPTIMIZER)
    return jobs().submit(config, name, batches, owner(), model, optimizer)


def _content(key: str) -> NamedFile | None:
    upload = st.session_state.get(key)
    return NamedFile(upload.name, upload.getvalue()) if upload is not None else None
