"""Which network reads: the one that ships, or one that a page has offered under a name that nobody can guess."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import N_
from core.live.network.settings import SHIPPED
from core.live.offers import Offers
from core.recognise.readers import Reader, shipped


@dataclass(frozen=True)
class Source:
    """A network at one moment: ``version`` names its weights, ``dataset`` the digits that it learns from."""

    reader: Reader
    version: str
    step: int | None = None
    loss: float | None = None
    over: bool = True  # whether no other weights will come
    learns: bool = False  # now; a run that was interrupted may be taken up again
    dataset: str = ""


Find = Callable[[], Source]
_offers: Offers[Find] = Offers(N_("this network is no longer open here: reload the page"))


def offer(find: Find) -> str:
    """Let drawings ask the network that ``find`` returns; return its name, which only this page knows."""
    return _offers.add(find)


def offer_reader(reader: Reader) -> str:
    """Let drawings ask a network whose weights stay as they are; return its name."""
    now = Source(reader, secrets.token_urlsafe(9))
    return offer(lambda: now)


def source(name: str) -> Source:
    """Return the network ``name``; raises ``InvalidSetting`` where it is offered no more."""
    if name == SHIPPED:
        return Source(shipped(), SHIPPED)
    return _offers.find(name)()
