"""One step of a journey: where it is, what it says, and the action that it waits for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """A lesson with the settings ``query``, a sentence, and the action that it asks for.

    ``at`` is a CSS selector of what the sentence speaks of, "" for the page as a whole. The action is done when the
    address holds ``address``, "key=value" or "key=*" for any value, or when something matches the selector
    ``element``; with neither the step waits for nothing. ``after`` is said when it is done. ``says`` and
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
        """Whether there is a action to do."""
        return bool(self.address or self.element)


@dataclass(frozen=True)
class Journey:
    """A title to translate, and the steps in order."""

    title: str
    steps: tuple[Step, ...]
