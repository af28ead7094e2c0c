"""The words for runs and their settings, and the runs themselves as every lesson finds them."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core.errors import N_, InvalidSetting
from core.experiments.run_names import settings_in
from core.figures import run_curves
from core.networks import registry, stack
from core.training import run_labels
from core.training.config import UPLOAD, Parent, TrainConfig
from core.training.run_folder import RunFolder, RunSummary, list_runs
from pages.shared import markdown, visitor
from pages.shared.language import _, sentence

DATASETS = {"mnist": "MNIST", "digits": "scikit-learn digits"}
IMAGES = {"mnist": (60_000, 10_000), "digits": (1_437, 360)}  # to learn from and to be tested on
OPTIMIZERS = {"sgd": "SGD", "nesterov": "SGD + Nesterov", "adam": "Adam", "rmsprop": "RMSprop"}
DEVICES = {"cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}

FIRST_PAGE = N_("first page")  # the name of the runs that are started there


def root() -> Path:
    """Return the folder that holds this user's runs."""
    return visitor.folder()


def summaries() -> list[RunSummary]:
    """Return all runs, the newest first."""
    return list_runs(root())


def find(run_id: str) -> RunFolder | None:
    """Return the run of that id, None when there is none."""
    try:
        return RunFolder(root(), run_id)
    except InvalidSetting:
        return None


@contextmanager
def again_where_deleted(run: RunFolder) -> Iterator[None]:
    """Run the page again where ``run`` is deleted meanwhile, as by another tab: it then says so."""
    try:
        yield
    except InvalidSetting:
        if find(run.id) is not None:
            raise
        st.rerun()


def run_name(run: RunSummary | RunFolder) -> str:
    """Return the name of a run; one that the app or an experiment has given it is in the reader's language."""
    if run.name == FIRST_PAGE:
        return _(FIRST_PAGE)
    settings = settings_in(run.name, run.id, run.config) if run.config else ()
    if not run.config or not settings:
        return run.name
    words = setting_words() | {"seed": _("seed")}
    return ", ".join(f"{words[setting]} {setting_value(setting, run.config)}" for setting in settings)


def network_name(code: str) -> str:
    """Return what people call a network; one built on the Convolution page is called by its layers."""
    if code in registry.DIGIT_NETS:
        return _(registry.DIGIT_NETS[code].title)
    try:
        return stack.title(stack.parse(code.removeprefix(registry.STACK)))
    except InvalidSetting:
        return code


def setting_words() -> dict[str, str]:
    """Return what each setting of a run is called, in the order in which they are shown."""
    return {
        "dataset": _("Data"),
        "network": _("Network"),
        "epochs": _("Epochs"),
        "batch_size": _("Batch size"),
        "learning_rate": _("Learning rate"),
        "optimizer": _("Optimizer"),
        "momentum": _("Momentum"),
        "weight_decay": _("Weight decay"),
        "dropout": _("Dropout"),
        "seed": _("Seed"),
        "schedule": _("Learning rate schedule"),
        "step_size": _("Epochs between steps"),
        "gamma": _("Gamma"),
        "warm_up": _("Warm-up, part of the run"),
        "clip_norm": _("Clip gradients at norm"),
        "initialisation": _("Initialisation"),
        "shift": _("Shift (pixels)"),
        "rotate": _("Rotate (degrees)"),
        "patience": _("Early stopping, epochs"),
        "test_batch_size": _("Test batch size"),
        "log_interval": _("Log interval"),
        "threads": _("Threads"),
        "device": _("Device"),
        "parent": _("Starts from"),
    }


def schedules() -> dict[str, str]:
    """Return what the schedules of the learning rate are called."""
    return {
        "constant": _("constant"),
        "step": _("step"),
        "cosine": _("cosine"),
        "one_cycle": _("one cycle"),
        "warm_up": _("warm-up"),
    }


def initialisations() -> dict[str, str]:
    """Return what the ways to begin are called."""
    return {
        "default": _("PyTorch's default"),
        "kaiming": "kaiming_uniform_",
        "xavier": "xavier_uniform_",
        "normal": "normal_, std 0.01",
        "zeros": "zeros_",
    }


def setting_value(name: str, config: TrainConfig) -> str:
    """Return the value of setting ``name`` as people read it."""
    value = getattr(config, name)
    if name == "parent":
        return _origin(value)
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if name == "network":
        return network_name(value)
    words = {
        "dataset": DATASETS,
        "optimizer": OPTIMIZERS,
        "device": DEVICES,
        "schedule": schedules(),
        "initialisation": initialisations(),
    }.get(name, {})
    return words.get(value, f"{value:g}" if isinstance(value, float) else str(value))


def rate_changes(run: RunFolder) -> str:
    """Return the changes of the learning rate that were asked for: "0.001 after batch 938"; "" without any."""
    changes = sorted(run.commands().items())
    return ", ".join(_("{rate} after batch {step}", rate=f"{rate:g}", step=step) for step, rate in changes)


def _origin(parent: Parent | None) -> str:
    """Return where the first weights of a run come from."""
    if parent is None:
        return _("new weights")
    return _("files of your own") if parent.run == UPLOAD else f"{parent.run} · {parent.checkpoint}"


def state_word(state: str) -> str:
    """Return what a state of a run is called."""
    return _(run_labels.STATES.get(state, state))


def when(seconds: float) -> str:
    """Return a moment as date and time on the reader's clock."""
    return local(seconds).strftime("%Y-%m-%d %H:%M")


def local(seconds: float) -> datetime.datetime:
    """Return Unix ``seconds`` in the reader's time zone."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    try:
        return moment.astimezone(zoneinfo.ZoneInfo(st.context.timezone or "UTC"))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return moment


def duration(seconds: float | None) -> str:
    """Return a time span in hours, minutes and seconds, as much as matters."""
    return run_labels.duration(_, seconds)


def curve_words() -> run_curves.Words:
    """Return what the curves of a run are called."""
    return run_curves.in_words(_)


def say(error: InvalidSetting) -> None:
    """Show why something was refused, with the setting called what the pages call it."""
    words = setting_words()
    values = dict(error.values)
    if values.get("setting") in words:
        values["setting"] = words[str(values["setting"])]
    st.error(markdown.plain(sentence(InvalidSetting(error.message, **values))))
