"""What the page of the digits can be set to."""

from __future__ import annotations

from core.live.settings import Choice, Flag, Number, Text

ALL = "all"

DATA = Text("digits_set", 40)  # a data set that is here
PART = Choice("digits_part", ("train", "test"))
INDEX = Number("digits_index", 0, 59_999, 0)
BATCH_SIZE = Number("digits_batch", 1, 1000, 64)
SEED = Number("digits_seed", 0, 9999, 1)
SHUFFLE = Flag("digits_shuffle", True)
DROP_LAST = Flag("digits_drop", False)
TAB = Choice("digits_tab", ("normalise", "epoch", "surprises", "browse"))
DIGIT = Choice("digits_digit", (ALL, *map(str, range(10))))
PAGE = Number("digits_page", 1, 1000, 1)
NUMBERS = Choice("digits_numbers", ("bytes", "given"))
