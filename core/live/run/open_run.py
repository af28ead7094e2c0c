"""What the page Train shows: a run, or none yet, and the curve of another behind it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import N_, InvalidSetting
from core.live.offers import Offers
from core.training.jobs import Jobs
from core.training.run_folder import RunFolder


@dataclass(frozen=True)
class Steering:
    """Who may command a run: ``user`` as the gateway names the browser, "" on your own machine.

    ``owner`` is whose turn it takes in the queue when it goes on.
    """

    user: str
    owner: str


@dataclass(frozen=True)
class OpenRun:
    """``run`` is "" while one is prepared; ``ghost`` is the run whose curve stays, pale, "" for none.

    ``ghost_name`` is what that is called on the page, "" for its own name. ``examples`` is how many the run sees by
    its settings, or the one that is prepared. ``jobs`` is the door of whom the page belongs to. ``steering`` is
    None where the page only shows the run.
    """

    jobs: Jobs
    run: str
    ghost: str = ""
    ghost_name: str = ""
    examples: int = 0
    steering: Steering | None = None

    def folder(self) -> RunFolder | None:
        """Return the run; raises ``InvalidSetting`` when it was deleted."""
        return RunFolder(self.jobs.root, self.run) if self.run else None

    def other(self) -> RunFolder | None:
        """Return the run whose curve is behind, None where there is none any more."""
        try:
            return RunFolder(self.jobs.root, self.ghost) if self.ghost else None
        except InvalidSetting:
            return None


_offers: Offers[OpenRun] = Offers(N_("this run is no longer open here: reload the page"))


def offer(open_run: OpenRun) -> str:
    """Let drawings ask about ``open_run``; return its name, which only this page knows."""
    return _offers.add(open_run)


def find_open_run(name: str) -> OpenRun:
    """Return what is offered as ``name``; raises ``InvalidSetting`` where it is offered no more."""
    return _offers.find(name)


def is_offered(name: str) -> bool:
    """Return whether there is something of that name."""
    return name in _offers
