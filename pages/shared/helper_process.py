"""Programs that run in a process of their own, for the session that asks; sessions take turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from core import isolation
from core.classroom.settings import is_classroom
from core.isolation import CallFailed, Limits
from pages.shared import jobs, streamlit_compat, visitor

__all__ = ["CallFailed", "Limits", "call"]

Result = TypeVar("Result")


def call(
    function: Callable[..., Result],
    *arguments: Any,
    limits: Limits = Limits(),  # noqa: B008  (frozen)
) -> Result:
    """Return ``function(*arguments)``; ``InvalidSetting`` says that its process crashed or met a limit."""
    return isolation.call(function, *arguments, limits=limits, owner=owner())


def owner() -> str:
    """Return who asks: a workspace in a classroom, else a session; nobody while the server prepares itself."""
    if not streamlit_compat.in_session():
        return ""
    return (visitor.workspace() or "") if is_classroom() else jobs.owner()
