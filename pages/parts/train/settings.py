"""What the page Train can be set to beside a run's configuration and its view (``core/live/run/settings.py``)."""

from __future__ import annotations

from core.live.settings import Flag

FOLLOW = Flag("train_follow", True)  # whether the latest test is shown
