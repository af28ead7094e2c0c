"""What the page Draw can be set to."""

from __future__ import annotations

from core.live.settings import Choice, Flag, Number, Text
from pages.shared import keys

LIKELIEST = "likeliest"
DIGITS = tuple(map(str, range(10)))

WAY = Choice(keys.DRAW_WAY, ("draw", "file"))
PEN = Number(keys.DRAW_PEN, 2, 40, 18, in_address=False)  # pixels of the canvas
CENTRED = Flag(keys.DRAW_CENTRED, True)
NETWORK = Text(keys.DRAW_NETWORK, 200)  # the built-in network, or "<run>:<checkpoint>"
OTHER = Text("draw_other", 200)
RIVAL = Choice("draw_rival", (LIKELIEST, *DIGITS))
METHOD = Choice("draw_why", ("shares", "erased"))
NUMBERS = Choice("draw_numbers", ("bytes", "given"))
