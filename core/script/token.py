"""The secret that guards the reader's own programs on the reader's machine, as Jupyter's token does.

Who knows it has started the server, or was given its address by who did. It is made when the server starts, stands
in the address that is opened then, and is printed in the log. ``STEPWISE_TOKEN`` sets it, as for a server that is
started again.
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


def is_right(token: str | None) -> bool:
    """Return whether ``token`` is the secret; how long that takes tells nothing."""
    return bool(token) and hmac.compare_digest((token or "").encode(), secret().encode())
