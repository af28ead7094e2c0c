"""Programs that run in a process of their own, for the session that asks; sessions take turns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from core import isolation
from core.classroom.settings import is_classroom
from core.isolation import CallFailed, Limits
from pages.shared import jobs, streamlit_compat, visitor

__all__ = ["CallFailed", "Limits", "call"]

Result = TypeVar("Result")
LOOK_SECONDS = 0.05  # between two looks whether the reader has asked for something else


def call(
    function: Callable[..., Result],
    *arguments: Any,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
) -> Result:
    """Return ``function(*arguments)``; ``InvalidSetting`` says that its process crashed or met a limit.

    A newer run of the page ends the wait, not the process: that ends by itself, at its limits at the latest.
    """
    if not streamlit_compat.in_session():
        return isolation.call(function, *arguments, limits=limits)
    result: Future[Result] = Future()
    asker = owner()

    def work() -> None:
        try:
            result.set_result(isolation.call(function, *arguments, limits=limits, owner=asker))
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    while not wait([result], LOOK_SECONDS).done:
        streamlit_compat.make_way()
    return result.result()


def owner() -> str:
    """Return who asks: a workspace in a classroom, else a session."""
    return (visitor.workspace() or "") if is_classroom() else jobs.owner()
