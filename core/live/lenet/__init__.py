"""A training step as an instrument: what goes into it is chosen, and any cell of it opens to its arithmetic.

``settings`` declares the settings, ``source`` holds what a page lets its drawing ask about,
``walk_header`` describes a step, ``what_if_data`` a what-if, and ``answer`` makes the messages.
"""

from core.live.instrument import Instrument
from core.live.lenet.answer import answer
from core.live.lenet.settings import SETTINGS

INSTRUMENT = Instrument("lenet", SETTINGS, answer)
