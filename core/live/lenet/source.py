"""The training steps that pages have taken, each under a name that nobody can guess, while a session holds it."""

from __future__ import annotations

import secrets
import weakref
from dataclasses import dataclass, field

from core.errors import N_, InvalidSetting
from core.walk.scene import Tensors
from core.walk.walk import Walk


@dataclass(frozen=True, eq=False)
class Source:
    """A step and its tensors as the browser numbers them; to know ``name`` is to be allowed to ask."""

    walk: Walk
    tensors: Tensors
    name: str = field(default_factory=lambda: secrets.token_urlsafe(18))


_offers: weakref.WeakValueDictionary[str, Source] = weakref.WeakValueDictionary()


def offer(walk: Walk, tensors: Tensors) -> Source:
    """Let drawings ask about ``walk`` for as long as what is returned is held."""
    made = Source(walk, tensors)
    _offers[made.name] = made
    return made


def source(name: str) -> Source:
    """Return the step ``name``; raises ``InvalidSetting`` where no session holds it any more."""
    found = _offers.get(name)
    if found is None:
        raise InvalidSetting(N_("this training step is no longer open here: reload the page"))
    return found
