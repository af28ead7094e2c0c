"""Instruments on a page: their settings in address and session, and what their drawings are given.

A drawing answers to the hand by itself, over the live channel; the page is told when the hand rests. The settings
of instrument ``prefix`` are in the session, and in the address, under ``<prefix>_<name>``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypedDict

import numpy as np
import streamlit as st

from core.errors import InvalidSetting
from core.live import settings
from core.live.instrument import Array, Instrument
from core.live.settings import Declaration, Setting, Value
from core.message import pack
from pages.shared import address, language
from pages.shared.component import component


class Name(TypedDict):
    """What a setting is called."""

    label: str


class ControlWords(Name, total=False):
    """The words for one setting, translated: its name, what it means, and its options by code.

    ``scale`` is the name of the logarithmic slider beside the field, where there is one.
    """

    hint: str
    scale: str
    options: dict[str, str]


class InstrumentState(TypedDict):
    """What a drawing is told of its settings, and in which language it speaks.

    ``stamp`` changes when the page is the source of a change (a link, back), ``after`` is the last report that it
    knew, ``session`` is another after a restart of the server.
    """

    settings: dict[str, Value]
    session: str
    stamp: int
    after: int
    language: str


class TensorData(TypedDict):
    """A tensor whose numbers follow the header."""

    name: str
    shape: list[int]


class InstrumentData(InstrumentState):
    """The header of what an instrument is given; ``labels`` are its own words, of a type that each declares."""

    instrument: str
    declared: list[Declaration]
    words: dict[str, ControlWords]
    labels: Mapping[str, object]
    tensors: list[TensorData]


def values(instrument: Instrument, prefix: str, hidden: Sequence[str] = ()) -> dict[str, Value]:
    """Return the settings that the address asks for, else those that the session holds, else where they start.

    ``hidden`` are those that are not in the address. What is impossible is left out.
    """
    now: dict[str, Value] = {}
    has_news = False
    for setting in instrument.settings:
        key = f"{prefix}_{setting.name}"
        if setting.name in hidden:
            now[setting.name] = _in_session(setting, key)
        else:
            now[setting.name], is_news = _from_address(setting, key)
            has_news = has_news or is_news
            address.remember(key, setting.text(now[setting.name]), setting.text(setting.default))
    if has_news:
        st.session_state[_stamp(prefix)] = st.session_state.get(_stamp(prefix), 0) + 1
    return now


def _from_address(setting: Setting, key: str) -> tuple[Value, bool]:
    """Return the setting's value, and whether the address has just changed it."""
    before = _in_session(setting, key)
    if not address.is_news(key):
        return before, False
    text = st.query_params.get(key)
    try:
        now = setting.default if text is None else setting.of_text(text)
    except InvalidSetting:
        now = before
    st.session_state[key] = now
    return now, now != before


def _in_session(setting: Setting, key: str) -> Value:
    """Return what the session holds; where that is nothing, or impossible, the start."""
    try:
        value = setting.read(st.session_state.get(key, setting.default))
    except InvalidSetting:
        value = setting.default
    st.session_state[key] = value
    return value


def _stamp(prefix: str) -> str:
    return f"{prefix}_stamp"


def stamp(prefix: str) -> int:
    """Return how often the address has changed settings of this instrument."""
    return int(st.session_state.get(_stamp(prefix), 0))


def session(prefix: str) -> str:
    """Return what is another in each session: a drawing that hears a new one knows that the server began again."""
    name: str = st.session_state.setdefault(f"{prefix}_session", secrets.token_hex(8))
    return name


def _count(prefix: str) -> str:
    return f"{prefix}_count"


def put(instrument: Instrument, prefix: str, name: str, value: Value) -> None:
    """Set ``name`` to ``value``, as if the address had asked for it."""
    key = f"{prefix}_{name}"
    st.session_state[key] = instrument.setting(name).read(value)
    st.session_state[_stamp(prefix)] = stamp(prefix) + 1


def state(prefix: str, now: Mapping[str, Value]) -> InstrumentState:
    """Return what a drawing is told of its settings, and the language."""
    return {
        "settings": dict(now),
        "session": session(prefix),
        "stamp": stamp(prefix),
        "after": st.session_state.get(_count(prefix), 0),
        "language": language.current(),
    }


def show(
    name: str,
    instrument: Instrument,
    prefix: str,
    now: Mapping[str, Value],
    words: Mapping[str, ControlWords],
    labels: Mapping[str, object],
    tensors: Mapping[str, Array] | None = None,
    css: str = "",
    **handlers: Any,
) -> None:
    """Show ``static/js/<name>.js`` with the controls of the instrument, set to ``now``.

    ``tensors`` are what the instrument needs beside its settings; ``handlers`` are passed on (``on_pin_change=…``).
    ``css`` is for a drawing that stands in the page itself, such as one of Plotly, which brings styles of its own.
    """
    arrays = tensors or {}
    header: InstrumentData = {
        **state(prefix, now),
        "instrument": instrument.name,
        "declared": [settings.declaration(setting) for setting in instrument.settings],
        "words": dict(words),
        "labels": labels,
        "tensors": [{"name": each, "shape": list(array.shape)} for each, array in arrays.items()],
    }
    key = f"{prefix}_instrument"
    component(name, css=css, isolate_styles=not css)(
        data=pack(header, [np.ascontiguousarray(array) for array in arrays.values()]),
        key=key,
        on_settings_change=partial(keep_report, instrument, prefix, key),
        **handlers,
    )


def keep_report(instrument: Instrument, prefix: str, key: str) -> None:
    """Take over what the hand has set; what is impossible stays as it was."""
    report = (st.session_state.get(key) or {}).get("settings")
    if not isinstance(report, dict) or not isinstance(report.get("count"), int):
        return
    try:
        now = settings.read(instrument.settings, report.get("settings"))
    except InvalidSetting:
        return
    st.session_state[_count(prefix)] = report["count"]
    for setting in instrument.settings:
        st.session_state[f"{prefix}_{setting.name}"] = now[setting.name]
