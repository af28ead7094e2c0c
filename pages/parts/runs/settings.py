"""What the page Runs can be set to."""

from __future__ import annotations

from core.live.settings import Choice, Flag, Text

WORDS = Text("runs_words", 200)
QUANTITY = Choice("runs_quantity", ("train", "test", "accuracy"))
LOG = Flag("runs_log")
ONE = Text("runs_one", 200)  # the id of a run
COMPARE = Text("runs_compare", 2000)  # ids of runs, with commas between
