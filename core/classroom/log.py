"""One line of JSON for each thing that happened to a run: what the administrator reads."""

from __future__ import annotations

import json
import sys
import time
from typing import TextIO

TEXT_MAX = 200


def line(event: str, **facts: object) -> str:
    """Return one line: the moment, ``event`` and ``facts``. JSON escapes what the user typed: no line is forged.

    >>> line("run", run="a\\nb", at=0.0)
    '{"at": "1970-01-01T00:00:00Z", "event": "run", "run": "a\\\\nb"}'
    """
    at = facts.pop("at", None)
    moment = time.gmtime(at if isinstance(at, (int, float)) else time.time())
    record = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", moment), "event": event}
    record |= {name: fact[:TEXT_MAX] if isinstance(fact, str) else fact for name, fact in facts.items()}  # type: ignore[misc]
    return json.dumps(record, ensure_ascii=True, default=str)


def write(event: str, stream: TextIO | None = None, **facts: object) -> None:
    """Write the line to ``stream``, standard output unless said otherwise, at once and in one piece."""
    out = stream or sys.stdout
    out.write(line(event, **facts) + "\n")
    out.flush()
