"""What the page Linear fit can be set to beside its instrument (``core/live/linear_fit/settings.py``)."""

from __future__ import annotations

from core.live.settings import Number

LARGE_BATCH = Number("linear_fit_large", 1, 1000, 10)  # samples
MICRO_BATCHES = Number("linear_fit_micro", 1, 1000, 3)
