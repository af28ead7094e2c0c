"""What the page What goes wrong can be set to."""

from __future__ import annotations

from core.live.settings import Choice
from core.script.library import entries
from pages.shared import keys

ENTRY = Choice(keys.WHAT_GOES_WRONG_ENTRY, tuple(entries()))
