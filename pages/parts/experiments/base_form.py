"""What all runs of an experiment have in common."""

from __future__ import annotations

import streamlit as st

from core import datasets
from core.training.config import OPTIMIZERS, SettingValue, TrainConfig
from pages.parts.experiments import address_fields
from pages.shared import address, workspace
from pages.shared.experiment_address import BASE

NUMBERS = ("epochs", "batch_size", "learning_rate", "momentum")


def fill(start: TrainConfig) -> None:
    """Put the numbers of ``start`` into the fields. For callbacks."""
    for name in NUMBERS:
        st.session_state[BASE + name] = getattr(start, name)


def settings(start: TrainConfig) -> TrainConfig:
    """Show what all runs share; settings that are varied are overridden by their values."""
    names = workspace.setting_words()
    left, right = st.columns(2)
    values: dict[str, SettingValue | None] = {}
    with left:
        values["dataset"] = address.choose(
            st.selectbox,
            names["dataset"],
            datasets.available(),
            BASE + "dataset",
            default="digits",
            format_func=workspace.DATASETS.__getitem__,
        )
        values["epochs"] = _number("epochs", start, 1)
        values["learning_rate"] = _number("learning_rate", start, 0.01)
    with right:
        values["optimizer"] = address.choose(
            st.selectbox,
            names["optimizer"],
            OPTIMIZERS,
            BASE + "optimizer",
            default=start.optimizer,
            format_func=workspace.OPTIMIZERS.__getitem__,
        )
        values["batch_size"] = _number("batch_size", start, 1)
        values["momentum"] = _number("momentum", start, 0.1)
    return TrainConfig.from_dict({**values, "threads": 1})


def _number(name: str, start: TrainConfig, step: float) -> float | None:
    value: float | None = address_fields.number(
        workspace.setting_words()[name],
        BASE + name,
        getattr(start, name),
        step,
        format="%d" if isinstance(step, int) else "%g",
    )
    return value
