"""The widgets of declared settings: key, bounds, start and place in the address follow from the declaration.

A setting is declared once, in the ``settings.py`` of its lesson, with the kinds of ``core.live.settings``. What an
instrument of the browser can be set to has its widgets there; these are Streamlit's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.errors import InvalidSetting
from core.live.settings import Choice, Flag, Number, Setting, Text
from pages.shared import address, streamlit_compat, text_fields


def choose(
    setting: Choice | Text,
    label: str,
    words: Mapping[str, str],
    *,
    start: str | None = None,
    widget: Callable[..., Any] = st.segmented_control,
    **layout: Any,
) -> str:
    """Show a choice among the codes of ``words``, in their order, and return the chosen one.

    A ``Choice`` is declared with all of its codes; a ``Text`` is one of what there is now, such as checkpoints.
    At first ``start`` is chosen, else the declared start, else the first; the address leaves it out. ``widget``
    as in ``address.choose``.
    """
    if widget in (st.segmented_control, st.pills):
        layout = {"required": True, **layout}
    if start is None:
        start = setting.default if isinstance(setting, Choice) or setting.default in words else next(iter(words))
    return address.choose(
        widget, label, list(words), setting.name, default=start, format_func=words.__getitem__, **layout
    )


def tabs(setting: Choice, labels: dict[str, str]) -> dict[str, streamlit_compat.TabContainer]:
    """Show a tab for each code of ``labels``; only the one that is ``.open`` need be filled."""
    return address.tabs(labels, setting.name)


def number(
    setting: Number,
    label: str,
    *,
    widget: Callable[..., Any] = st.number_input,
    most: int | None = None,
    **layout: Any,
) -> int | float:
    """Show a number field or slider and return its value.

    ``most``, at most the declared one, is the largest value that means something now; larger ones become it.
    """
    whole = setting.is_whole
    kind: Callable[[float], float] = int if whole else float
    least, top = kind(setting.minimum), kind(setting.maximum if most is None else min(most, setting.maximum))
    in_session = st.session_state.get(setting.name)
    if isinstance(in_session, (int, float)) and not least <= in_session <= top:
        st.session_state[setting.name] = kind(min(max(in_session, least), top))
    value: int | float = widget(
        label,
        least,
        top,
        min(setting.default, top),
        kind(setting.step),
        key=setting.name,
        **_persistence(setting),
        **layout,
    )
    return value


def flag(setting: Flag, label: str, **layout: Any) -> bool:
    """Show a toggle and return whether it is on."""
    return bool(st.toggle(label, setting.default, key=setting.name, **_persistence(setting), **layout))


def text(setting: Text, label: str, **layout: Any) -> str:
    """Show a field for text and return what stands in it."""
    return text_fields.show(
        st.text_input,
        label,
        setting.longest,
        setting.name,
        start=setting.default,
        **_persistence(setting),
        **layout,
    )


def value(setting: Setting) -> Any:
    """Return what ``setting`` is set to in this session, its widget shown or not; else where it starts."""
    try:
        return setting.read(st.session_state.get(setting.name, setting.default))
    except InvalidSetting:
        return setting.default


def _persistence(setting: Setting) -> dict[str, Any]:
    """Return how Streamlit keeps a widget's value: for the session, and in the address."""
    bound = {"bind": "query-params"} if setting.in_address else {}
    return {"persist_state": "session", **bound}
