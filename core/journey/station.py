"""One station of a journey: where it is, what it says, and the deed that it waits for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Station:
    """A lesson with the settings ``query``, a sentence, and the deed that it asks for.

    ``at`` is a CSS selector of what the sentence speaks of, "" for the page as a whole. The deed is done when the
    address holds ``address``, "key=value" or "key=*" for any value, or when something matches the selector
    ``element``; with neither the station waits for nothing. ``after`` is said when it is done. ``says`` and
    ``after`` are sentences to translate.
    """

    name: str
    lesson: str
    says: str
    at: str = ""
    query: dict[str, str] = field(default_factory=dict)
    address: str = ""
    element: str = ""
    after: str = ""

    @property
    def waits(self) -> bool:
        """Whether there is a deed to do."""
        return bool(self.address or self.element)


@dataclass(frozen=True)
class Journey:
    """A title to translate, and the stations in order."""

    title: str
    stations: tuple[Station, ...]
