"""The settings of the next run: every value that decides it, with the tutorial's defaults."""

from __future__ import annotations

import streamlit as st

from core.networks import registry
from core.training.config import (
    INITIALISATIONS,
    OPTIMIZERS,
    REAL,
    SCHEDULES,
    USES_MOMENTUM,
    WHOLE,
    SettingValue,
    TrainConfig,
)
from pages.parts.train import form_preview
from pages.shared import address, built_network, markdown, workspace
from pages.shared.language import _

PREFIX = "train_"
FormValues = dict[str, SettingValue | None]  # by the names of TrainConfig; None: a number field that is empty
SETTINGS = (
    *WHOLE,
    *REAL,
    "dataset",
    "network",
    "optimizer",
    "dropout",
    "device",
    "schedule",
    "initialisation",
)


def fill(config: TrainConfig) -> None:
    """Put the settings of ``config`` into the controls. For callbacks."""
    for name in SETTINGS:
        st.session_state[PREFIX + name] = getattr(config, name)


def in_address() -> bool:
    """Return whether the address holds settings of a run."""
    return any(PREFIX + name in st.query_params for name in SETTINGS)


def settings(datasets: tuple[str, ...], devices: tuple[str, ...], locked: TrainConfig | None = None) -> TrainConfig:
    """Show the controls and return what they say; ``InvalidSetting`` when that is impossible.

    ``locked`` is the configuration whose weights the run continues from: its network is then given.
    """
    words, default = workspace.setting_words(), TrainConfig()
    values: FormValues = {}
    values["dataset"] = _choice("dataset", datasets, datasets[0], workspace.DATASETS)
    if locked:
        values["network"] = locked.network
    else:
        values["network"] = _network(default.network)
    left, right = st.columns(2)
    with left:
        values["epochs"] = _whole("epochs", default)
        values["learning_rate"] = _real("learning_rate", default, step=0.001)
    with right:
        values["batch_size"] = _whole("batch_size", default)
        values["momentum"] = _real("momentum", default, step=0.1)
    values["optimizer"] = _choice("optimizer", OPTIMIZERS, default.optimizer, workspace.OPTIMIZERS)
    if values["optimizer"] not in USES_MOMENTUM:
        st.caption(_("Adam has its own two averages and takes no momentum."))
    values["dropout"] = st.toggle(
        words["dropout"],
        True,
        key="train_dropout",
        help=_help()["dropout"],
        bind="query-params",
        persist_state="session",
        disabled=values["network"] in registry.DIGIT_NETS
        and not registry.DIGIT_NETS[values["network"]].has_dropout,
    )
    with st.expander(_("Schedule, clipping, initialisation, augmentation")):
        values |= _schedule_and_augmentation(default)
        place = st.container()
    with st.expander(_("More settings")):
        values |= _more(default, devices)
    config = TrainConfig.from_dict(values)
    with place:
        form_preview.show(config)
    return config


def _network(default: str) -> str:
    """Show the choice of network, with the one built on the Convolution page; ``InvalidSetting`` if it is none."""
    titles = {code: _(spec.title) for code, spec in registry.DIGIT_NETS.items()}
    built_code = built_network.network(PREFIX + "network")
    if built_code:
        titles[built_code] = workspace.network_name(built_code)
    code = _choice("network", tuple(titles), default, titles)
    registry.spec(code)
    return code


def _schedule_and_augmentation(default: TrainConfig) -> FormValues:
    """Show how the learning rate runs, how weights begin, and what is done to gradients and images."""
    values: FormValues = {}
    left, right = st.columns(2)
    with left:
        values["schedule"] = _choice("schedule", SCHEDULES, default.schedule, workspace.schedules())
    with right:
        words = workspace.initialisations()
        values["initialisation"] = _choice("initialisation", INITIALISATIONS, default.initialisation, words)
    with left:
        if values["schedule"] == "step":
            values["step_size"] = _whole("step_size", default)
            values["gamma"] = _real("gamma", default, step=0.1)
        elif values["schedule"] in ("one_cycle", "warm_up"):
            values["warm_up"] = _real("warm_up", default, step=0.1)
        values["clip_norm"] = _real("clip_norm", default, step=0.5)
        values["patience"] = _whole("patience", default)
    with right:
        values["shift"] = _whole("shift", default)
        values["rotate"] = _real("rotate", default, step=5.0)
    return values


def _more(default: TrainConfig, devices: tuple[str, ...]) -> FormValues:
    """Show what most people leave as it is."""
    left, right = st.columns(2)
    values: FormValues = {}
    with left:
        values["weight_decay"] = _real("weight_decay", default, step=0.0001)
        values["seed"] = _whole("seed", default)
        values["threads"] = _whole("threads", default)
    with right:
        values["test_batch_size"] = _whole("test_batch_size", default)
        values["log_interval"] = _whole("log_interval", default)
        in_link = st.query_params.get(PREFIX + "device", "cpu")  # the choice takes what it does not offer out of it
        device = values["device"] = _choice("device", devices, "cpu", workspace.DEVICES)
        st.caption(_device_note(device, in_link if in_link not in devices else ""))
    return values


def _device_note(device: str, missing: str) -> str:
    """Say how exact a run on ``device`` is, and that ``missing``, which the address asks for, is not there."""
    if missing:
        name = markdown.plain(workspace.DEVICES.get(missing, missing))
        return _("This machine has no {device}: the run trains on the CPU.", device=name)
    return {
        "cpu": _("A run on the CPU repeats bit for bit with the same number of threads."),
        "cuda": _("A run on CUDA repeats bit for bit on the same card with the same PyTorch."),
        "mps": _("PyTorch does not promise equal bits on MPS: a resumed run can end with slightly other numbers."),
    }[device]


def _choice(name: str, options: tuple[str, ...], default: str, words: dict[str, str]) -> str:
    return address.choose(
        st.selectbox,
        workspace.setting_words()[name],
        options,
        PREFIX + name,
        default=default,
        format_func=lambda code: words.get(code, code),
        help=_help()[name],
    )


def _whole(name: str, default: TrainConfig) -> int | None:
    """Show a whole number. It has no bounds here: an invalid one is rejected with its reason."""
    start: int = getattr(default, name)
    return st.number_input(
        workspace.setting_words()[name],
        value=start,
        step=1,
        key=PREFIX + name,
        help=_help()[name],
        bind="query-params",
        persist_state="session",
    )


def _real(name: str, default: TrainConfig, step: float) -> float | None:
    start: float = getattr(default, name)
    return st.number_input(
        workspace.setting_words()[name],
        value=start,
        step=step,
        format="%g",
        key=PREFIX + name,
        help=_help()[name],
        bind="query-params",
        persist_state="session",
    )


def _help() -> dict[str, str]:
    """What each setting does, in a sentence or two."""
    return {
        "dataset": _("The images for training and evaluation."),
        "network": _("The layers. Their parameters start as random numbers, drawn from the seed."),
        "epochs": _("How often the network goes through all training images. It is evaluated after each epoch."),
        "batch_size": _(
            "How many images go through the network before its parameters change once. Larger batches give a"
            " steadier gradient, but fewer updates an epoch."
        ),
        "test_batch_size": _("How many test images are read at once. It changes speed and memory, not the result."),
        "learning_rate": _(
            "The size of a step against the gradient. Too small: learning crawls. Too large: the loss jumps"
            " about, or becomes NaN. You can change it while the run goes on."
        ),
        "momentum": _(
            "How much of the velocity is kept. SGD: v = momentum·v + gradient, then weight −= lr·v. The gradient"
            " counts in full; 0.5 does not mean half and half. Nesterov steps along gradient + momentum·v; RMSprop"
            " puts the scaled gradient into v."
        ),
        "optimizer": _("The rule that turns gradients into steps."),
        "weight_decay": _("Pulls every weight a little towards zero at each step; 0 turns it off."),
        "dropout": _(
            "In train mode, each channel and each hidden number is set to zero with probability 1/2, and the "
            "rest are doubled. In eval mode nothing is dropped."
        ),
        "seed": _("The number that all randomness starts from. The same seed and settings give the same run."),
        "log_interval": _("The script prints its loss every so many batches. The chart shows every batch."),
        "threads": _(
            "How many processor threads compute. One thread and two add in a different order: each repeats itself"
            " exactly, but their last digits differ."
        ),
        "schedule": _(
            "How the learning rate changes from batch to batch. A rate that you set by hand while the run trains"
            " ends the schedule."
        ),
        "step_size": _("After how many epochs the learning rate is multiplied by gamma (StepLR)."),
        "gamma": _("What the learning rate is multiplied by."),
        "warm_up": _("The part of the run in which the learning rate rises, from 0.01 to 0.99."),
        "clip_norm": _(
            "A gradient whose norm over all parameters is larger is scaled down to this norm (clip_grad_norm_)."
            " 0 turns it off."
        ),
        "initialisation": _(
            "How the weights of linear and convolution layers begin. PyTorch's default is uniform within"
            " ±1/√fan_in. With every other choice the biases begin at 0; with zeros no hidden unit differs from"
            " another, and the network does not learn."
        ),
        "shift": _(
            "Each training image is moved by up to so many pixels, differently in each epoch. 0 turns it off."
        ),
        "rotate": _(
            "Each training image is turned by up to so many degrees, differently in each epoch. 0 turns it off."
        ),
        "patience": _(
            "Early stopping: the run ends when the test loss has not improved for so many epochs; 0 never ends it"
            " early. The run then depends on the test images, so their accuracy is a little too good."
        ),
        "device": _("Where the tensors live: the processor, or a graphics card where PyTorch finds one."),
    }
