"""The page's state in its address, as codes that no language changes.

Streamlit's ``bind="query-params"`` writes what the widget *shows*: a translated label. Numbers and free text may
be bound that way; a choice with translated labels goes through ``choose``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.shared import keys, streamlit_compat


def choose(
    widget: Callable[..., Any],
    label: str,
    options: Sequence[str],
    key: str,
    *,
    default: str | None = None,
    format_func: Callable[[str], str] = str,
    **settings: Any,
) -> str:
    """Show a choice among the codes ``options`` and keep it in the address under ``key``.

    ``widget`` is ``st.selectbox``, ``st.radio``, ``st.segmented_control`` or ``st.pills`` (or the same of a
    container); give the last two ``required=True``. An address that names no option is ignored.
    """
    start = options[0] if default is None else default
    prefer_address(key, options, start)
    _show_again(key, format_func)
    value: str = widget(label, options, key=key, format_func=format_func, persist_state="session", **settings)
    remember(key, value, start)
    return value


def _show_again(key: str, format_func: Callable[[str], str]) -> None:
    """Send the chosen code again where its label is another than the browser shows: the language is new.

    The browser keeps the label of what is chosen, not its code.
    """
    labels: dict[str, str] = st.session_state.setdefault(keys.LABELS, {})
    label = format_func(st.session_state[key])
    if labels.get(key) not in (None, label):
        st.session_state[key] = st.session_state[key]
    labels[key] = label


def stored_text(key: str, default: str = "") -> str:
    """Return the text kept under ``key``: the address's when we did not write it there, else the session's."""
    value = st.query_params.get(key)
    if streamlit_compat.is_history_navigation() or _is_from_elsewhere(key, value):
        st.session_state[key] = default if value is None else value
        _know(key, st.session_state[key])
    text: str = st.session_state.setdefault(key, default)
    return text


def is_news(key: str) -> bool:
    """Return whether a link, a reload or the back button changed ``key`` in the address, not this session.

    True once; then what the address says counts as known.
    """
    value = st.query_params.get(key)
    if not streamlit_compat.is_history_navigation() and not _is_from_elsewhere(key, value):
        return False
    if value is not None:
        _know(key, value)
    return True


def tabs(labels: dict[str, str], key: str) -> dict[str, streamlit_compat.TabContainer]:
    """Show a tab for each code of ``labels`` and keep the open one in the address under ``key``, in every language.

    Only the tab that is ``.open`` need be filled: another one's opening runs the script again.
    """
    before, start, label_key = st.session_state.get(key), next(iter(labels)), f"{key}_label"
    prefer_address(key, list(labels), start)
    code = st.session_state[key]
    if code != before or st.session_state.get(label_key) not in labels.values():
        st.session_state[label_key] = labels[code]  # what Streamlit keeps is the label, and the language may be new
    containers = dict(zip(labels, st.tabs(list(labels.values()), key=label_key, on_change="rerun"), strict=True))
    st.session_state[key] = next(code for code, tab in containers.items() if tab.open)
    remember(key, st.session_state[key], start)
    return containers


def news() -> dict[str, str]:
    """Return what the address asks for and did not say when the last run ended: a link, a reload, back.

    Asked first in a run: after back and forward the address may hold again what this session has replaced.
    """
    if streamlit_compat.is_history_navigation():
        _replaced_values().clear()
    before: dict[str, str] = st.session_state.get(keys.SEEN, {})
    now = st.query_params.to_dict().items()
    changed = {key: text for key, text in now if before.get(key) != text and not _is_outdated(key, text)}
    infinite: dict[str, str] = st.session_state.pop(keys.INFINITE, {})
    return infinite | changed


def asked_for(key: str) -> str | None:
    """Return what a link, a reload or the back button asks for; None where the address holds what we wrote."""
    value = st.query_params.get(key)
    if value is None or not (streamlit_compat.is_history_navigation() or _is_from_elsewhere(key, value)):
        return None
    _know(key, value)
    return value


def forget_infinities() -> None:
    """Take numbers that are not finite out of the address: Streamlit's fields for whole numbers fail on them.

    After the navigation: a run that begins again before it forgets which page was asked for.
    """
    infinite = {key: text for key, text in st.query_params.to_dict().items() if not _is_finite(text)}
    for key in infinite:
        del st.query_params[key]
    if infinite:
        st.session_state[keys.INFINITE] = infinite
        st.rerun()  # the fields read the address as it was when this run of the script began


def mark_as_read() -> None:
    """Keep what the address says now, at the end of a run of the script."""
    st.session_state[keys.SEEN] = st.query_params.to_dict()


def _is_finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return True  # no number at all: its widget rejects it, or it is a text


def prefer_address(key: str, options: Sequence[str], start: str) -> None:
    """Take the value from the address when it was not us who wrote it there: a link, a reload, the back button."""
    value = st.query_params.get(key)
    code = value if value in options else None
    if streamlit_compat.is_history_navigation() or _is_from_elsewhere(key, code):
        st.session_state[key] = start if code is None else code
        _know(key, st.session_state[key])
    elif st.session_state.get(key) not in options:
        st.session_state[key] = start


def remember(key: str, value: str, default: str) -> None:
    """Write ``value`` into the address, or take it out where it is the default."""
    _know(key, None if value == default else value)
    _write(key)
    for other in _replaced_values():  # what we write is the whole address, so nothing outdated may be in it
        if _is_outdated(other, st.query_params.get(other)):
            _write(other)


def arrive(page: str | None) -> None:
    """Note which page this run shows; on another one than before, each value of the address is asked for."""
    if st.session_state.get(keys.PAGE) != page:
        st.session_state[keys.PAGE] = page
        _replaced_values().clear()


def _write(key: str) -> None:
    value = _own_values().get(key)
    if value is None:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != value:
        st.query_params[key] = value


def _is_from_elsewhere(key: str, value: str | None) -> bool:
    """Return whether the address holds a ``value`` that is not from this session."""
    return value is not None and value != _own_values().get(key) and not _is_outdated(key, value)


def _is_outdated(key: str, value: str | None) -> bool:
    """Return whether ``value`` is what this session has replaced on this page.

    A run can begin before the browser has heard what the run before wrote: then it brings the address of before.
    """
    return value != _own_values().get(key) and value in _replaced_values().get(key, ())


def _know(key: str, value: str | None) -> None:
    """Take ``value`` as what the address says from now on; None where it leaves ``key`` out."""
    own = _own_values()
    before = own.pop(key, None)
    if before not in (None, value):
        _replaced_values().setdefault(key, set()).add(before)
    if value is not None:
        own[key] = value


def _replaced_values() -> dict[str, set[str]]:
    """What this session wrote into the address, or read from it, and has replaced since the page was opened."""
    values: dict[str, set[str]] = st.session_state.setdefault(keys.REPLACED, {})
    return values


def _own_values() -> dict[str, str]:
    """What the address says as far as this session has written or read it."""
    values: dict[str, str] = st.session_state.setdefault(keys.ADDRESS, {})
    return values
