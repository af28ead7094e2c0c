"""What the page What goes wrong can be set to."""

from __future__ import annotations

from core.live.settings import Choice
from core.script.library import entries

ENTRY = Choice("what_goes_wrong_entry", tuple(entries()))
