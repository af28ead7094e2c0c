"""What a page lets its drawings ask by a name that nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Generic, TypeVar

from core.errors import InvalidSetting

MOST = 2_000
Thing = TypeVar("Thing")


class Offers(Generic[Thing]):
    """The newest ``MOST`` things that pages have offered; any method, from any thread."""

    def __init__(self, sentence: str) -> None:
        """``sentence`` is what is said of a name that is offered no more."""
        self.sentence = sentence
        self._offers: OrderedDict[str, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, thing: Thing) -> str:
        """Return the name of ``thing`` from now on, which only its page knows."""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._offers[name] = thing
            while len(self._offers) > MOST:
                self._offers.popitem(last=False)
        return name

    def find(self, name: str) -> Thing:
        """Return what is offered as ``name``; raises ``InvalidSetting`` where that is nothing."""
        try:
            return self._offers[name]
        except KeyError:
            raise InvalidSetting(self.sentence) from None

    def __contains__(self, name: object) -> bool:
        return name in self._offers
