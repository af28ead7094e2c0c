"""A training step that a page has taken, as an instrument: any cell of it opens to its arithmetic.

``declared`` has the settings, ``source`` the steps that pages have taken, ``answer`` makes the message.
"""

from core.live.instrument import Instrument
from core.live.lenet.answer import answer
from core.live.lenet.declared import SETTINGS

INSTRUMENT = Instrument("lenet", SETTINGS, answer)
