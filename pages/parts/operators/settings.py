"""What the page Operators can be set to beside an operator's arguments (``core/live/operators/settings.py``)."""

from __future__ import annotations

from core.live.settings import Choice, Text
from core.ops.registry import OPERATORS

SEARCH = Text("operators_search", 40)
OPERATOR = Choice("operators_name", tuple(OPERATORS))
