"""A press of a button whose effect happens once, though a newer run of the page may come between.

When something else is pressed or chosen, Streamlit ends the run of the page that is under way at its next touch of
the session state: also between an effect and the note of it. So a callback keeps the press, the page does what was
pressed and notes it, and forgets the press last. A run that finds it still there gets what the effect came to.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st


@dataclass
class Press:
    """``value`` is what was pressed; two runs of a page that overlap share it."""

    value: Any = None
    _results: list[Any] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def once(self, effect: Callable[[], Any]) -> Any:
        """Return what ``effect`` returns, or returned already; what it raises counts as not done."""
        with self._lock:
            if not self._results:
                self._results.append(effect())
            return self._results[0]


def keep(key: str, value: Any = None) -> None:
    """Keep a press under ``key``; one that comes before the last one is done counts as the same. For callbacks."""
    st.session_state.setdefault(key, Press(value))


def pending(key: str) -> Press | None:
    """Return the press that is to be done, if there is one."""
    press: Press | None = st.session_state.get(key)
    return press


def forget(key: str) -> None:
    """The press is done, or is not to be."""
    st.session_state.pop(key, None)
