"""The secret that guards the reader's own programs on the reader's machine, as Jupyter's token does.

A user who knows it has started the server, or was given its address by the one who did. It is made when the server
starts, and stands in the address that is printed in the log. Every user of the machine sees the address that the
browser opens in the list of processes, so that has a ticket in its place, which is good for one visit.
``STEPWISE_TOKEN`` sets the secret, as for a server that is started again.
"""

from __future__ import annotations

import hmac
import os
import secrets
from functools import cache

KEY = "token"  # in the address
SET_BY = "STEPWISE_TOKEN"


@cache
def secret() -> str:
    """Return the secret of this server; programs see no environment of the server's, and so not this."""
    return os.environ.pop(SET_BY, "").strip() or secrets.token_urlsafe(24)


_tickets: set[str] = set()


def ticket() -> str:
    """Return a new secret that can be exchanged once for the server's."""
    new_ticket = secrets.token_urlsafe(24)
    _tickets.add(new_ticket)
    return new_ticket


def exchange(text: str) -> str:
    """Return the server's secret for a ticket, which is worth nothing from then on; any other text as it is."""
    for one in list(_tickets):
        if hmac.compare_digest(text.encode(), one.encode()):
            _tickets.discard(one)
            return secret()
    return text


def is_right(token: str | None) -> bool:
    """Return whether ``token`` is the secret; how long that takes tells nothing."""
    return bool(token) and hmac.compare_digest((token or "").encode(), secret().encode())
